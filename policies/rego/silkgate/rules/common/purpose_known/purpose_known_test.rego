package silkgate.tests.rules.common.purpose_known

import data.silkgate.examples

test_an_unknown_purpose_is_denied if {
	"purpose.unknown" in {reason.code | some reason in data.silkgate.rules.common.purpose_known.deny} with input as examples.order({"purpose": "fun"})
}

test_a_known_one_is_not if {
	count(data.silkgate.rules.common.purpose_known.deny) == 0 with input as examples.order({})
}

test_it_says_what_is_missing if {
	"purpose" in data.silkgate.rules.common.purpose_known.needs with input as examples.order({"purpose": "fun"})
}
