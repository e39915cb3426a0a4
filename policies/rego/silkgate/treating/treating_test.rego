package silkgate.tests.treating

import data.silkgate.examples

test_an_overlay_tightens if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"treatments": {"any": {"pi_contact_phone": "mask"}}}
	examples.treatment(decision, "/buyer/phone") == ["mask"]
}

test_an_overlay_never_loosens if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"treatments": {"order_fulfilment": {"pi_account": "keep"}}}
	examples.treatment(decision, "/buyer/username") == ["suppress"]
}

test_an_unknown_treatment_is_read_as_the_strictest if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"treatments": {"any": {"pi_contact_phone": "shred"}}}
	examples.treatment(decision, "/buyer/phone") == ["suppress"]
}

test_unproven_findings_are_not_tightened if {
	decision := data.silkgate.decision with input as examples.order({"fields": [examples.field("/x", "pi_contact_phone", "pi", "unknown")]}) with data.silkgate.overlay as {"treatments": {"any": {"pi_contact_phone": "mask"}}}
	examples.treatment(decision, "/x") == ["keep"]
}

test_a_companys_own_purpose if {
	decision := data.silkgate.decision with input as examples.members({"purpose": "acme"}) with data.silkgate.overlay as {"profiles": {"acme": {"grounds": ["consent"], "exemptions": [], "necessary": [], "treatments": {"pi_contact_phone": "hash"}, "hold": []}}}
	examples.treatment(decision, "/buyer/phone") == ["hash"]
	examples.treatment(decision, "/buyer/username") == ["suppress"]
}

test_labels_of_business_data_are_kept if {
	decision := data.silkgate.decision with input as examples.order({"fields": [examples.field("/sku", "biz_product", "general", "confirmed")]})
	examples.treatment(decision, "/sku") == ["keep"]
}

test_refuted_findings_are_not_mentioned if {
	decision := data.silkgate.decision with input as examples.order({"fields": [examples.field("/x", "pi_gov_id", "spi", "refuted")]})
	decision.treatments == []
}
