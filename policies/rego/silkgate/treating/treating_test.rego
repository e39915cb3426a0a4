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

test_the_form_with_parameters_holds_over_the_plain_one if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"treatments": {"any": {"pi_contact_phone": "mask"}, "order_fulfilment": {"pi_contact_phone": "mask:last=2"}}}
	examples.treatment(decision, "/buyer/phone") == ["mask:last=2"]
}

test_of_two_forms_neither_is_known_to_hide_more if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"treatments": {"any": {"pi_contact_phone": "mask:first=0"}, "order_fulfilment": {"pi_contact_phone": "mask:last=2"}}}
	examples.treatment(decision, "/buyer/phone") == ["suppress"]
}

test_a_stricter_treatment_holds_over_any_form if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"treatments": {"any": {"pi_contact_phone": "mask:last=2"}, "order_fulfilment": {"pi_contact_phone": "hash"}}}
	examples.treatment(decision, "/buyer/phone") == ["hash"]
}

test_nothing_is_restored_unless_the_overlay_says_so if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"treatments": {"any": {"pi_contact_phone": "pseudonymize"}}}
	[true | some entry in decision.treatments; entry.restore] == []
}

test_what_the_overlay_names_is_restored if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"treatments": {"any": {"pi_contact_phone": "pseudonymize"}}, "restore": {"order_fulfilment": ["pi_contact_phone"]}}
	[entry.pointer | some entry in decision.treatments; entry.restore] == ["/buyer/phone"]
}

test_what_cannot_be_restored_is_not if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"treatments": {"any": {"pi_contact_phone": "hash"}}, "restore": {"any": ["pi_contact_phone"]}}
	[true | some entry in decision.treatments; entry.restore] == []
}

# Two entities of one category in one place: what is done to both is one thing.
test_of_two_entities_in_one_place_the_stricter_holds if {
	decision := data.silkgate.decision with input as examples.order({"fields": _twice("PERSON", "GENDER")})
	examples.treatment(decision, "/a") == ["suppress"]
	examples.treatment(decision, "/b") == ["keep"]
}

test_two_entities_that_stay_are_one_entry if {
	decision := data.silkgate.decision with input as examples.order({"fields": _twice("PERSON", "LOCATION")})
	examples.treatment(decision, "/a") == ["keep"]
	decision.outcome == "allow"
}

test_two_entities_that_leave_are_counted if {
	decision := data.silkgate.decision with input as examples.members({"fields": _twice("PERSON", "LOCATION")})
	decision.counts.general == true
}

test_two_entities_that_stay_behind_are_not if {
	decision := data.silkgate.decision with input as examples.members({"fields": _twice("PERSON", "LOCATION")}) with data.silkgate.overlay as {"treatments": {"any": {"pi_basic": "suppress", "pi_contact_phone": "suppress"}}}
	decision.counts.general == false
	examples.treatment(decision, "/a") == ["suppress"]
}

test_of_two_entities_refuted_ones_say_nothing if {
	decision := data.silkgate.decision with input as examples.order({"fields": [
		object.union(examples.field("/a", "pi_basic", "pi", "refuted"), {"entity": "GENDER"}),
		object.union(examples.field("/a", "pi_basic", "pi", "likely"), {"entity": "PERSON"}),
	]})
	examples.treatment(decision, "/a") == ["keep"]
}

test_of_two_entities_unlike_forms_tear if {
	decision := data.silkgate.decision with input as examples.order({"fields": _twice("PERSON", "LOCATION")}) with data.silkgate.overlay as {"treatments": {"any": {"pi_basic/PERSON": "mask:first=1", "pi_basic/LOCATION": "mask:last=2"}}}
	examples.treatment(decision, "/a") == ["suppress"]
}

test_of_two_entities_the_form_with_parameters_holds if {
	decision := data.silkgate.decision with input as examples.order({"fields": _twice("PERSON", "LOCATION")}) with data.silkgate.overlay as {"treatments": {"any": {"pi_basic/PERSON": "mask:first=1", "pi_basic/LOCATION": "mask"}}}
	examples.treatment(decision, "/a") == ["mask:first=1"]
}

test_of_two_entities_alike_forms_hold if {
	decision := data.silkgate.decision with input as examples.order({"fields": _twice("PERSON", "LOCATION")}) with data.silkgate.overlay as {"treatments": {"any": {"pi_basic/PERSON": "mask:first=1", "pi_basic/LOCATION": "mask:first=1"}}}
	examples.treatment(decision, "/a") == ["mask:first=1"]
}

test_of_two_entities_a_laxer_form_does_not_tear if {
	decision := data.silkgate.decision with input as examples.order({"fields": _twice("PERSON", "LOCATION")}) with data.silkgate.overlay as {"treatments": {"any": {"pi_basic/PERSON": "hash", "pi_basic/LOCATION": "mask:first=1"}}}
	examples.treatment(decision, "/a") == ["hash"]
}

test_two_entities_are_restored_together if {
	decision := data.silkgate.decision with input as examples.order({"fields": _twice("PERSON", "LOCATION")}) with data.silkgate.overlay as {"treatments": {"any": {"pi_basic": "pseudonymize"}}, "restore": {"any": ["pi_basic"]}}
	[entry.pointer | some entry in decision.treatments; entry.restore] == ["/a"]
}

test_or_not_at_all if {
	decision := data.silkgate.decision with input as examples.order({"fields": _twice("PERSON", "LOCATION")}) with data.silkgate.overlay as {"treatments": {"any": {"pi_basic": "pseudonymize"}}, "restore": {"any": ["pi_basic/PERSON"]}}
	[entry.pointer | some entry in decision.treatments; entry.restore] == []
	examples.treatment(decision, "/a") == ["pseudonymize"]
}

test_of_two_entities_the_laxer_one_does_not_leave_by_itself if {
	data.silkgate.treating.personal_leaves == false with input as examples.order({"fields": array.slice(_twice("PERSON", "GENDER"), 0, 2)})
}

test_two_labels_in_one_place_are_nobodys if {
	data.silkgate.treating.personal_leaves == false with input as examples.order({"fields": [
		object.union(examples.field("/a", "biz_product", "general", "confirmed"), {"entity": "PRODUCT"}),
		object.union(examples.field("/a", "biz_product", "general", "likely"), {"entity": "BRAND"}),
	]})
}

test_forms_in_other_places_do_not_tear if {
	decision := data.silkgate.decision with input as examples.order({"fields": _twice("PERSON", "LOCATION")}) with data.silkgate.overlay as {"treatments": {"any": {"pi_basic": "mask:first=1", "pi_contact_phone": "mask:last=2"}}}
	examples.treatment(decision, "/a") == ["mask:first=1"]
	examples.treatment(decision, "/b") == ["mask:last=2"]
}

test_of_two_entities_a_laxer_form_with_parameters_does_not_tear if {
	decision := data.silkgate.decision with input as examples.order({"fields": _twice("PERSON", "LOCATION")}) with data.silkgate.overlay as {"treatments": {"any": {"pi_basic/PERSON": "noise:by=2", "pi_basic/LOCATION": "mask:first=1"}}}
	examples.treatment(decision, "/a") == ["mask:first=1"]
}

test_what_is_unproven_leaves_as_nobodys if {
	data.silkgate.treating.personal_leaves == false with input as examples.order({"fields": [examples.field("/x", "pi_contact_phone", "pi", "unknown")]})
}

test_an_agreement_opens_what_the_profile_says_of_it if {
	decision := data.silkgate.decision with input as examples.order({"purpose": "gifts"}) with data.silkgate.overlay as _gifts
	examples.treatment(decision, "/buyer/phone") == ["mask"]
}

test_outside_of_it_the_profile_holds if {
	decision := data.silkgate.decision with input as examples.order({"purpose": "gifts", "destination": "KE"}) with data.silkgate.overlay as _gifts
	examples.treatment(decision, "/buyer/phone") == ["hash"]
}

_gifts := {"profiles": {"gifts": {
	"en": "Gifts", "zh": "礼品",
	"grounds": ["contract"], "exemptions": ["cn.order16.art5.1.1"], "necessary": ["pi_contact_phone"],
	"treatments": {"pi_contact_phone": "hash"},
	"hold": [], "replaceable": [], "agreements": {"rcep": {"pi_contact_phone": "mask"}}, "destinations": {},
}}}

_twice(one, other) := [
	object.union(examples.field("/a", "pi_basic", "pi", "confirmed"), {"entity": one}),
	object.union(examples.field("/a", "pi_basic", "pi", "likely"), {"entity": other}),
	examples.field("/b", "pi_contact_phone", "pi", "confirmed"),
]
