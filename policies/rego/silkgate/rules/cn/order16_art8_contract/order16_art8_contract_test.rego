package silkgate.tests.rules.cn.order16_art8_contract

import data.silkgate.examples

test_a_hundred_thousand_need_a_contract if {
	"cn.order16.art8.mechanism_missing" in {reason.code | some reason in data.silkgate.rules.cn.order16_art8_contract.deny} with input as examples.members({"bands": examples.bands(100000, 1000000, 0, 1)})
}

test_a_contract_carries_them if {
	rule := data.silkgate.rules.cn.order16_art8_contract with input as examples.members({"bands": examples.bands(100000, 1000000, 0, 1), "basis": {"mechanism": examples.mechanism("standard_contract", "2029-03-01")}})
	rule.carried_by == "standard_contract"
	"cn.order16.art8" in {reason.code | some reason in rule.because}
}

test_one_sensitive_person_needs_one if {
	"cn.order16.art8.mechanism_missing" in {reason.code | some reason in data.silkgate.rules.cn.order16_art8_contract.deny} with input as examples.members({"bands": examples.bands(0, 100000, 1, 10000)})
}

test_fewer_do_not if {
	count(data.silkgate.rules.cn.order16_art8_contract.deny) == 0 with input as examples.members({})
}

test_a_million_are_beyond_it if {
	count(data.silkgate.rules.cn.order16_art8_contract.deny) == 0 with input as examples.members({"bands": examples.bands(1000000, null, 0, 1)})
}

test_it_asks_for_the_mechanism if {
	"basis.mechanism" in data.silkgate.rules.cn.order16_art8_contract.needs with input as examples.members({"bands": examples.bands(100000, 1000000, 0, 1)})
}
