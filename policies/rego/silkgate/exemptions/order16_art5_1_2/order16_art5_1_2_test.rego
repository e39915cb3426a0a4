package silkgate.tests.exemptions.order16_art5_1_2

import data.silkgate.examples

test_what_personnel_management_needs if {
	"pi_employee_hr" in data.silkgate.exemptions.order16_art5_1_2.exemption.covers with input as examples.order({"purpose": "hr_management", "basis": {"ground": "hr", "exemption": "cn.order16.art5.1.2"}, "fields": [examples.field("/x", "pi_employee_hr", "pi", "confirmed")]})
}

test_not_for_an_order if {
	not data.silkgate.exemptions.order16_art5_1_2.exemption with input as examples.order({"basis": {"ground": "hr", "exemption": "cn.order16.art5.1.2"}})
}

test_of_a_purpose_of_the_companys_own if {
	data.silkgate.exemptions.order16_art5_1_2.exemption with input as _gifts({}) with data.silkgate.overlay as _own({})
}

test_only_where_its_profile_says_so if {
	not data.silkgate.exemptions.order16_art5_1_2.exemption with input as _gifts({}) with data.silkgate.overlay as _own({"exemptions": []})
}

test_not_where_nothing_necessary_leaves if {
	not data.silkgate.exemptions.order16_art5_1_2.exemption with input as _gifts({}) with data.silkgate.overlay as _own({"necessary": ["pi_delivery"]})
}

_gifts(changes) := examples.order(object.union({"purpose": "gifts", "basis": {"ground": "hr", "exemption": "cn.order16.art5.1.2"}}, changes))

_own(changes) := {"profiles": {"gifts": object.union(
	{
		"en": "Gifts", "zh": "礼品",
		"grounds": ["hr"], "exemptions": ["cn.order16.art5.1.2"], "necessary": ["pi_contact_phone"],
		"treatments": {"pi_contact_phone": "keep", "pi_account": "keep"},
		"hold": [], "replaceable": [], "agreements": {}, "destinations": {},
	},
	changes,
)}}
