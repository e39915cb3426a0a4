package silkgate.tests.rules.common.scale

import data.silkgate.examples

_scaled(code) := examples.order({"fields": [object.union(
	examples.field("/buyer/phone", "pi_contact_phone", "pi", "confirmed"),
	{"reason": code},
)]})

test_ten_million_persons_are_judged_by_a_person if {
	decision := data.silkgate.decision with input as _scaled("scale.ten_million")
	decision.outcome == "review"
	examples.codes(decision) == {"scale.ten_million"}
}

test_a_million_is_told if {
	decision := data.silkgate.decision with input as _scaled("scale.million")
	decision.outcome == "allow"
	"scale.million" in examples.codes(decision)
}

test_another_reason_is_none_of_scale if {
	decision := data.silkgate.decision with input as _scaled("pipl.28.under_14")
	decision.outcome == "allow"
	count({code | some code in examples.codes(decision); startswith(code, "scale.")}) == 0
}

test_what_is_reviewed_is_no_ground_to_let_it_leave if {
	count(data.silkgate.rules.common.scale.because) == 0 with input as _scaled("scale.ten_million")
}
