package silkgate.tests.agreements.rcep

import data.silkgate.examples

test_it_applies_to_its_parties if {
	data.silkgate.agreements.rcep.applies with input as examples.order({"destination": "JP"})
}

test_and_to_no_others if {
	not data.silkgate.agreements.rcep.applies with input as examples.order({"destination": "KE"})
}

test_not_before_its_day if {
	not data.silkgate.agreements.rcep.applies with input as examples.order({"destination": "JP", "at": "2021-12-31"})
}

test_from_its_day_on if {
	data.silkgate.agreements.rcep.applies with input as examples.order({"destination": "JP", "at": "2022-01-01"})
}
