package silkgate.tests.rules.destination.duties

import data.silkgate.examples

test_a_destinations_duty_is_named if {
	"eg.law151.licence" in data.silkgate.rules.destination.duties.obligations with input as examples.order({"destination": "EG"})
}

test_not_before_its_law if {
	count(data.silkgate.rules.destination.duties.obligations) == 0 with input as examples.order({"destination": "CL"})
}

test_from_that_day_on if {
	"cl.law21719.transfer" in data.silkgate.rules.destination.duties.obligations with input as examples.order({"destination": "CL", "at": "2026-12-01"})
}

test_a_new_law_from_its_day_on if {
	"uz.law1125.storage" in data.silkgate.rules.destination.duties.obligations with input as examples.order({"destination": "UZ"})
}
