# METADATA
# title: Impact assessment
# description: |
#   Whoever sends personal information abroad assesses the impact first and keeps the report three years.
# custom:
#   zh: 向境外提供个人信息前须进行个人信息保护影响评估，报告至少保存三年
#   citation: PIPL arts 55, 56; CAC Order 16 art 10
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.pipl_art55_assessment

import data.silkgate.treating

obligations contains "pipl.55.pipia" if {
	input.origin == "CN"
	treating.personal_leaves
}
