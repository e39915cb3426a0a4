package silkgate.tests.rules.agreements.pilot

import data.silkgate.examples

test_without_a_pilot_there_is_no_cap if {
	rule := data.silkgate.rules.agreements.pilot with input as examples.members({})
	count(rule.deny) == 0
	count(rule.obligations) == 0
}
