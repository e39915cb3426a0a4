package silkgate.tests.rules.common.contract_drift

import data.silkgate.examples

_drifted(kind) := examples.order({"fields": [object.union(
	examples.field("/buyer/phone", "pi_contact_phone", "pi", "confirmed"),
	{"drift": kind},
)]})

test_an_undeclared_field_is_told if {
	decision := data.silkgate.decision with input as _drifted("undeclared")
	"contract.undeclared" in examples.codes(decision)
	decision.outcome == "allow"
}

test_another_category_than_declared_is_told if {
	decision := data.silkgate.decision with input as _drifted("contradicted")
	"contract.contradicted" in examples.codes(decision)
	decision.outcome == "allow"
}

test_without_drift_nothing_is_said if {
	count(data.silkgate.rules.common.contract_drift.because) == 0 with input as examples.order({})
}

test_another_word_is_no_question if {
	decision := data.silkgate.decision with input as _drifted("odd")
	examples.codes(decision) == {"input.invalid"}
}
