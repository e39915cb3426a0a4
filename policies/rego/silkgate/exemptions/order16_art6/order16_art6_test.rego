package silkgate.tests.exemptions.order16_art6

import data.silkgate.examples

test_no_list_no_exemption if {
	not data.silkgate.exemptions.order16_art6.exemption with input as examples.members({"basis": {"exemption": "cn.order16.art6"}})
}
