package silkgate.tests.rules.common.origin_covered

import data.silkgate.examples

test_another_origin_is_reviewed if {
	"origin.rules_missing" in {reason.code | some reason in data.silkgate.rules.common.origin_covered.review} with input as examples.order({"origin": "SG"})
}

test_china_is_not if {
	count(data.silkgate.rules.common.origin_covered.review) == 0 with input as examples.order({})
}

test_it_says_what_is_missing if {
	"origin" in data.silkgate.rules.common.origin_covered.needs with input as examples.order({"origin": "SG"})
}
