package silkgate.tests.agreements.gba

import data.silkgate.examples

test_it_applies_to_its_parties if {
	data.silkgate.agreements.gba.applies with input as examples.order({"destination": "HK", "exporter": {"zone": "gba-shenzhen"}})
}

test_and_to_no_others if {
	not data.silkgate.agreements.gba.applies with input as examples.order({"destination": "HK"})
}

test_from_its_first_day_on if {
	data.silkgate.agreements.gba.applies with input as examples.order({"destination": "MO", "exporter": {"zone": "gba-zhuhai"}, "at": "2024-09-30"})
}

test_not_before_its_first_day if {
	not data.silkgate.agreements.gba.applies with input as examples.order({"destination": "MO", "exporter": {"zone": "gba-zhuhai"}, "at": "2024-09-29"})
}
