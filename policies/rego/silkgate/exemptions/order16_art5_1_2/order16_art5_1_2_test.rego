package silkgate.tests.exemptions.order16_art5_1_2

import data.silkgate.examples

test_what_personnel_management_needs if {
	"pi_employee_hr" in data.silkgate.exemptions.order16_art5_1_2.exemption.covers with input as examples.order({"purpose": "hr_management", "basis": {"ground": "hr", "exemption": "cn.order16.art5.1.2"}, "fields": [examples.field("/x", "pi_employee_hr", "pi", "confirmed")]})
}

test_not_for_an_order if {
	not data.silkgate.exemptions.order16_art5_1_2.exemption with input as examples.order({"basis": {"ground": "hr", "exemption": "cn.order16.art5.1.2"}})
}
