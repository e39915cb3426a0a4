# METADATA
# title: Outside the negative list
# description: |
#   A handler in a free-trade zone may send what lies outside the zone's negative list without a route.
#   The list must cover the exporter's sector; where it is silent, national rules hold.
# custom:
#   zh: 自贸区内处理者提供负面清单以外的数据，免于出境路径
#   citation: CAC Order 16 art 6
#   confidence: A
#   checked: "2026-11-22"
package silkgate.exemptions.order16_art6

import data.silkgate.negative_list
import data.silkgate.treating

exemption := {"reason": _reason, "covers": outside} if {
	input.origin == "CN"
	input.basis.exemption == "cn.order16.art6"
	not input.exporter.ciio
	negative_list.in_force
	outside := [kind.key |
		some kind in treating.leaving
		not negative_list.holds(kind)
	]
	count(outside) > 0
}

_reason := {
	"code": "cn.order16.art6",
	"en": "Outside the negative list of the exporter's free-trade zone.",
	"zh": "属于自贸试验区负面清单以外的数据。",
	"citation": "CAC Order 16 art 6",
}
