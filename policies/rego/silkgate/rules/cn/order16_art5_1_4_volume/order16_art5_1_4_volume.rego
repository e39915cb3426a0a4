# METADATA
# title: Exempt by volume
# description: |
#   A non-operator of critical infrastructure that provided fewer than 100,000 persons' information since
#   1 January, none of it sensitive, needs no route. The persons are still counted.
# custom:
#   zh: 非关键信息基础设施运营者当年累计不满十万人个人信息（不含敏感），免于出境路径，但仍计入累计
#   citation: CAC Order 16 art 5(1)④
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.order16_art5_1_4_volume

import data.silkgate.counting
import data.silkgate.tally

carried_by := "exemption" if {
	input.origin == "CN"
	not input.exporter.ciio
	counting.any
	tally.exempt_by_volume
}

because contains _reason if carried_by

_reason := {
	"code": "cn.order16.art5.1.4",
	"en": "Fewer than 100,000 persons since 1 January and no sensitive personal information.",
	"zh": "自当年1月1日起累计向境外提供不满10万人个人信息（不含敏感个人信息）。",
	"citation": "CAC Order 16 art 5(1)④",
}
