package silkgate.tests.rules.cn.order16_art7_ciio

import data.silkgate.examples

test_an_operator_needs_an_assessment if {
	"cn.order16.art7.ciio" in {reason.code | some reason in data.silkgate.rules.cn.order16_art7_ciio.deny} with input as examples.members({"exporter": {"ciio": true}})
}

test_an_exempt_export_does_not if {
	count(data.silkgate.rules.cn.order16_art7_ciio.deny) == 0 with input as examples.order({"exporter": {"ciio": true}})
}

test_an_assessment_carries_it if {
	rule := data.silkgate.rules.cn.order16_art7_ciio with input as examples.members({"exporter": {"ciio": true}, "basis": {"mechanism": examples.mechanism("security_assessment", "2029-03-01")}})
	rule.carried_by == "security_assessment"
	"cn.order16.art7.ciio_assessed" in {reason.code | some reason in rule.because}
}

test_others_are_not_concerned if {
	count(data.silkgate.rules.cn.order16_art7_ciio.deny) == 0 with input as examples.members({})
}

test_it_asks_for_the_mechanism if {
	"basis.mechanism" in data.silkgate.rules.cn.order16_art7_ciio.needs with input as examples.members({"exporter": {"ciio": true}})
}
