package silkgate.tests.rules.destination.stricter

import data.silkgate.examples

test_both_laws_are_cited if {
	decision := data.silkgate.decision with input as _asked("SG")
	"treatment.stricter.pi_gov_id/SG_NRIC_FIN" in decision.obligations
	examples.treatment(decision, "/id") == ["suppress"]
	reasons := [reason.citation | some reason in decision.reasons; startswith(reason.code, "treatment.stricter.")]
	reasons == ["PIPL art 6; Personal Data Protection Act 2012"]
}

test_elsewhere_the_purpose_holds if {
	decision := data.silkgate.decision with input as _asked("KE")
	examples.treatment(decision, "/id") == ["surrogate"]
	[duty | some duty in decision.obligations; startswith(duty, "treatment.")] == []
}

test_what_is_unproven_is_not_treated_more_strictly if {
	decision := data.silkgate.decision with input as object.union(_asked("SG"), {"fields": [object.union(examples.field("/id", "pi_gov_id", "spi", "unknown"), {"entity": "SG_NRIC_FIN"})]})
	[duty | some duty in decision.obligations; startswith(duty, "treatment.")] == []
}

test_the_same_treatment_is_no_stricter_one if {
	decision := data.silkgate.decision with input as _gifts with data.silkgate.overlay as _profile("mask")
	[duty | some duty in decision.obligations; startswith(duty, "treatment.")] == []
	examples.treatment(decision, "/buyer/phone") == ["mask"]
}

test_nor_is_a_laxer_one if {
	decision := data.silkgate.decision with input as _gifts with data.silkgate.overlay as _profile("keep")
	[duty | some duty in decision.obligations; startswith(duty, "treatment.")] == []
	examples.treatment(decision, "/buyer/phone") == ["mask"]
}

test_a_stricter_one_is_named if {
	decision := data.silkgate.decision with input as _gifts with data.silkgate.overlay as _profile("hash")
	[duty | some duty in decision.obligations; startswith(duty, "treatment.")] == ["treatment.stricter.pi_contact_phone"]
	examples.treatment(decision, "/buyer/phone") == ["hash"]
}

_gifts := examples.order({"purpose": "gifts"})

_profile(abroad) := {"profiles": {"gifts": {
	"en": "Gifts", "zh": "礼品",
	"grounds": ["contract"], "exemptions": ["cn.order16.art5.1.1"], "necessary": ["pi_contact_phone"],
	"treatments": {"pi_contact_phone": "mask"},
	"hold": [], "replaceable": [], "agreements": {}, "destinations": {"SG": {"pi_contact_phone": abroad}},
}}}

_asked(destination) := examples.members({
	"destination": destination,
	"purpose": "ai_customer_service",
	"basis": {"mechanism": {"kind": "standard_contract", "ref": "x", "valid_until": "2029-01-01"}},
	"fields": [
		object.union(examples.field("/id", "pi_gov_id", "spi", "confirmed"), {"entity": "SG_NRIC_FIN"}),
		examples.field("/user", "pi_account", "pi", "confirmed"),
	],
})
