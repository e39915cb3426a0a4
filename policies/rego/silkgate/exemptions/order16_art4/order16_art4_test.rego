package silkgate.tests.exemptions.order16_art4

import data.silkgate.examples

test_collected_abroad_and_claimed if {
	data.silkgate.exemptions.order16_art4.exemption.covers == ["*"] with input as examples.members({"collected_in": "SG", "basis": {"exemption": "cn.order16.art4"}})
}

test_collected_here if {
	not data.silkgate.exemptions.order16_art4.exemption with input as examples.members({"basis": {"exemption": "cn.order16.art4"}})
}

test_not_claimed if {
	not data.silkgate.exemptions.order16_art4.exemption with input as examples.members({"collected_in": "SG"})
}
