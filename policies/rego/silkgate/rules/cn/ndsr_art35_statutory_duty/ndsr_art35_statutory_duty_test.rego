package silkgate.tests.rules.cn.ndsr_art35_statutory_duty

import data.silkgate.examples

test_a_statutory_duty_is_reviewed if {
	"cn.ndsr.art35.statutory_duty" in {reason.code | some reason in data.silkgate.rules.cn.ndsr_art35_statutory_duty.review} with input as examples.order({"basis": {"ground": "statutory_duty"}})
}

test_a_contract_is_not if {
	count(data.silkgate.rules.cn.ndsr_art35_statutory_duty.review) == 0 with input as examples.order({})
}
