"""Health: diagnoses, conditions, treatments and findings (PIPL art 28, GB/T 45574-2025 Annex A).

A word alone proves nothing about a person: a finding is likely, for a person to confirm, and
words in columns of trade data (a medicine's name) do not count.

>>> verify("确诊")
<Verdict.LIKELY: 'likely'>
>>> verify("diabetes")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.terms.word_list import verify, word_detector

__all__ = ["DETECTOR", "verify"]

_LATIN: Final = (
    "diabetes|diabetic|hypertension|cancer|chemotherapy|leukemia|leukaemia|tumour|tumor"
    "|hiv positive|aids patient|hepatitis|tuberculosis|epilepsy|schizophrenia"
    "|bipolar disorder|depression diagnosis|diagnosed with|pregnant|miscarriage|abortion"
    "|dialysis|asthma|parkinson's disease|alzheimer's disease|multiple sclerosis"
    "|autism|adhd|anorexia|syphilis|covid positive|ivf treatment|infertility"
    "|allergic to penicillin|medical history|prescribed insulin|mang thai"
    "|penyakit kencing manis|kanker|hamil|hipertensi|kencing manis|barah"
)
_OTHER: Final = (
    "糖尿病|高血压|冠心病|心脏病|脑梗|中风|癫痫|哮喘|肺结核|乙肝|丙肝|肝硬化|肝癌|肺癌|胃癌"
    "|乳腺癌|宫颈癌|白血病|肿瘤|癌症|化疗|放疗|透析|尿毒症|艾滋病|梅毒|性病|抑郁症|焦虑症"
    "|精神分裂|自闭症|帕金森|阿尔茨海默|红斑狼疮|怀孕|孕妇|流产|试管婴儿|不孕|残疾证|诊断为"
    "|确诊|病历|住院治疗|手术史|过敏史|青霉素过敏|核酸阳性|新冠阳性|血糖偏高|服用胰岛素"
    "|糖尿病患者|高血壓|憂鬱症|懷孕|確診|がん患者|うつ病|妊娠|診断書|당뇨|고혈압|암 환자"
    "|우울증|임신|진단서|เบาหวาน|ความดันโลหิตสูง|มะเร็ง|ตั้งครรภ์|tiểu đường|ung thư"
    "|huyết áp cao|trầm cảm"
)


DETECTOR: Final = word_detector("terms.health", "spi_health", "HEALTH_TERM", _LATIN, _OTHER)
