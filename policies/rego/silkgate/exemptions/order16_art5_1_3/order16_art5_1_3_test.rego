package silkgate.tests.exemptions.order16_art5_1_3

import data.silkgate.examples

test_what_an_emergency_needs if {
	"spi_health" in data.silkgate.exemptions.order16_art5_1_3.exemption.covers with input as examples.order({"purpose": "emergency", "basis": {"ground": "emergency", "exemption": "cn.order16.art5.1.3"}})
}

test_not_for_an_order if {
	not data.silkgate.exemptions.order16_art5_1_3.exemption with input as examples.order({"basis": {"ground": "emergency", "exemption": "cn.order16.art5.1.3"}})
}
