package silkgate.tests.rules.common.destination_known

import data.silkgate.examples

test_an_unknown_destination_is_denied if {
	"destination.unknown" in {reason.code | some reason in data.silkgate.rules.common.destination_known.deny} with input as examples.order({"destination": "ZZ"})
}

test_a_known_one_is_not if {
	count(data.silkgate.rules.common.destination_known.deny) == 0 with input as examples.order({})
}

test_it_says_what_is_missing if {
	"destination" in data.silkgate.rules.common.destination_known.needs with input as examples.order({"destination": "ZZ"})
}
