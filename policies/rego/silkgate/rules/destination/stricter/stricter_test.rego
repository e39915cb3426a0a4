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

_asked(destination) := examples.members({
	"destination": destination,
	"purpose": "ai_customer_service",
	"basis": {"mechanism": {"kind": "standard_contract", "ref": "x", "valid_until": "2029-01-01"}},
	"fields": [
		object.union(examples.field("/id", "pi_gov_id", "spi", "confirmed"), {"entity": "SG_NRIC_FIN"}),
		examples.field("/user", "pi_account", "pi", "confirmed"),
	],
})
