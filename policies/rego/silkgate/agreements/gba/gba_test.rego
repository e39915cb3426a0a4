package silkgate.tests.agreements.gba

import data.silkgate.examples

test_it_applies_to_its_parties if {
	data.silkgate.agreements.gba.applies with input as examples.order({"destination": "HK", "exporter": {"zone": "gba-shenzhen"}})
}

test_and_to_no_others if {
	not data.silkgate.agreements.gba.applies with input as examples.order({"destination": "HK"})
}
