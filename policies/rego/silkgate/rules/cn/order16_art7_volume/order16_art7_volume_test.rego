package silkgate.tests.rules.cn.order16_art7_volume

import data.silkgate.examples

test_a_million_persons_need_an_assessment if {
	"cn.order16.art7.assessment_missing" in {reason.code | some reason in data.silkgate.rules.cn.order16_art7_volume.deny} with input as examples.members({"bands": examples.bands(1000000, null, 0, 1), "basis": {"mechanism": examples.mechanism("standard_contract", "2029-03-01")}})
}

test_an_assessment_carries_them if {
	rule := data.silkgate.rules.cn.order16_art7_volume with input as examples.members({"bands": examples.bands(1000000, null, 0, 1), "basis": {"mechanism": examples.mechanism("security_assessment", "2029-03-01")}})
	rule.carried_by == "security_assessment"
	"cn.order16.art7" in {reason.code | some reason in rule.because}
}

test_fewer_do_not if {
	count(data.silkgate.rules.cn.order16_art7_volume.deny) == 0 with input as examples.members({"bands": examples.bands(100000, 1000000, 0, 1)})
}

test_it_asks_for_the_mechanism if {
	"basis.mechanism" in data.silkgate.rules.cn.order16_art7_volume.needs with input as examples.members({"bands": examples.bands(1000000, null, 0, 1)})
}
