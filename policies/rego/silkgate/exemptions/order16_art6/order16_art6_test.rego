package silkgate.tests.exemptions.order16_art6

import data.silkgate.examples

test_no_list_no_exemption if {
	not data.silkgate.exemptions.order16_art6.exemption with input as examples.members({"basis": {"exemption": "cn.order16.art6"}})
}

test_what_lies_outside_an_enabled_list_is_exempt if {
	data.silkgate.exemptions.order16_art6.exemption.covers == ["pi_account/"] with input as _claimed({"zone": "shanghai"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": ["pi_contact_phone"]}}}
}

test_a_list_for_another_sector_exempts_nothing if {
	not data.silkgate.exemptions.order16_art6.exemption with input as _claimed({"zone": "shanghai", "sector": "shipping"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": ["pi_contact_phone"]}}}
}

test_a_list_of_another_version_exempts_nothing if {
	not data.silkgate.exemptions.order16_art6.exemption with input as _claimed({"zone": "shanghai"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2025-02-08", "sectors": ["e-commerce"], "items": ["pi_contact_phone"]}}}
}

test_an_operator_is_excluded if {
	not data.silkgate.exemptions.order16_art6.exemption with input as _claimed({"zone": "shanghai", "ciio": true}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": ["pi_contact_phone"]}}}
}

_claimed(exporter) := examples.members({
	"exporter": exporter,
	"basis": {"exemption": "cn.order16.art6"},
})
