package silkgate.tests.exemptions.order16_art6

import data.silkgate.examples

test_no_list_no_exemption if {
	not data.silkgate.exemptions.order16_art6.exemption with input as examples.members({"basis": {"exemption": "cn.order16.art6"}})
}

test_what_lies_outside_an_enabled_list_is_exempt if {
	data.silkgate.exemptions.order16_art6.exemption.covers == ["pi_account/"] with input as _claimed({"zone": "shanghai"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": [{"sector": "*", "scenario": "*", "field": "pi_contact_phone", "threshold": 0}]}}}
}

test_a_list_for_another_sector_exempts_nothing if {
	not data.silkgate.exemptions.order16_art6.exemption with input as _claimed({"zone": "shanghai", "sector": "shipping"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": [{"sector": "*", "scenario": "*", "field": "pi_contact_phone", "threshold": 0}]}}}
}

test_a_list_of_another_version_exempts_nothing if {
	not data.silkgate.exemptions.order16_art6.exemption with input as _claimed({"zone": "shanghai"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2025-02-08", "sectors": ["e-commerce"], "items": [{"sector": "*", "scenario": "*", "field": "pi_contact_phone", "threshold": 0}]}}}
}

test_an_older_version_on_its_days if {
	data.silkgate.exemptions.order16_art6.exemption with input as object.union(_claimed({"zone": "shanghai"}), {"at": "2026-04-28"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2025-02-08", "sectors": ["e-commerce"], "items": []}}}
}

test_a_version_before_its_day_exempts_nothing if {
	not data.silkgate.exemptions.order16_art6.exemption with input as object.union(_claimed({"zone": "shanghai"}), {"at": "2026-04-28"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": []}}}
}

test_an_item_of_another_scenario_or_sector_is_not_on_the_list if {
	covers := data.silkgate.exemptions.order16_art6.exemption.covers with input as _claimed({"zone": "shanghai"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": [{"sector": "*", "scenario": "marketing", "field": "pi_contact_phone", "threshold": 0}, {"sector": "shipping", "scenario": "*", "field": "pi_contact_phone", "threshold": 0}]}}}
	count(covers) == 2
}

test_an_item_counts_from_its_threshold_on if {
	covers := data.silkgate.exemptions.order16_art6.exemption.covers with input as object.union(_claimed({"zone": "shanghai"}), {"bands": examples.bands(50000, 100000, 0, 1)}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": [{"sector": "*", "scenario": "*", "field": "pi_contact_phone", "threshold": 50000}]}}}
	covers == ["pi_account/"]
}

test_an_item_under_its_threshold_is_outside if {
	covers := data.silkgate.exemptions.order16_art6.exemption.covers with input as object.union(_claimed({"zone": "shanghai"}), {"bands": examples.bands(0, 50000, 0, 1)}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": [{"sector": "*", "scenario": "*", "field": "pi_contact_phone", "threshold": 50000}]}}}
	count(covers) == 2
}

test_an_operator_is_excluded if {
	not data.silkgate.exemptions.order16_art6.exemption with input as _claimed({"zone": "shanghai", "ciio": true}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": [{"sector": "*", "scenario": "*", "field": "pi_contact_phone", "threshold": 0}]}}}
}

test_not_from_another_origin if {
	not data.silkgate.exemptions.order16_art6.exemption with input as object.union(_claimed({"zone": "shanghai"}), {"origin": "SG"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": []}}}
}

test_not_without_a_claim if {
	not data.silkgate.exemptions.order16_art6.exemption with input as examples.members({"exporter": {"zone": "shanghai"}}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": []}}}
}

test_not_where_all_of_it_is_on_the_list if {
	not data.silkgate.exemptions.order16_art6.exemption with input as _claimed({"zone": "shanghai"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": [{"sector": "*", "scenario": "*", "field": "pi_contact_phone", "threshold": 0}, {"sector": "*", "scenario": "*", "field": "pi_account", "threshold": 0}]}}}
}

test_a_version_from_its_first_day_on if {
	data.silkgate.exemptions.order16_art6.exemption with input as object.union(_claimed({"zone": "shanghai"}), {"at": "2026-04-29"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": []}}}
}

test_a_list_of_which_nobody_knows_the_items if {
	not data.silkgate.exemptions.order16_art6.exemption with input as _claimed({"zone": "shanghai"}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": null}}}
}

_claimed(exporter) := examples.members({
	"exporter": exporter,
	"basis": {"exemption": "cn.order16.art6"},
})
