// Names of days and months in the server's locales: what lc_time_names makes of DAYNAME, MONTHNAME and DATE_FORMAT.
// Source: https://dev.mysql.com/doc/refman/9.7/en/locale-support.html; names and numbers as answered by a live 9.7.4.

export interface LocaleNames {
  /** From Sunday. */
  readonly days: readonly string[];
  readonly dayShort: readonly string[];
  readonly months: readonly string[];
  readonly monthShort: readonly string[];
}

/** Locales in the server's order, which is their number, and the line of NAMES each has. */
const LOCALES =
  'en_US:0 en_GB:0 ja_JP:1 sv_SE:2 de_DE:3 fr_FR:4 ar_AE:5 ar_BH:6 ar_JO:7 ar_SA:8 ar_SY:9 be_BY:10 bg_BG:11 ca_ES:12 cs_CZ:13 da_DK:14 de_AT:15 es_ES:16 et_EE:17 eu_ES:18 fi_FI:19 fo_FO:20 gl_ES:21 gu_IN:22 he_IL:23 hi_IN:24 hr_HR:25 hu_HU:26 id_ID:27 is_IS:28 it_CH:29 ko_KR:30 lt_LT:31 lv_LV:32 mk_MK:33 mn_MN:34 ms_MY:35 nb_NO:36 nl_NL:37 pl_PL:38 pt_BR:39 pt_PT:40 ro_RO:41 ru_RU:42 ru_UA:43 sk_SK:44 sl_SI:45 sq_AL:46 sr_RS:47 ta_IN:48 te_IN:49 th_TH:50 tr_TR:51 uk_UA:52 ur_PK:53 vi_VN:54 zh_CN:55 zh_TW:56 ar_DZ:6 ar_EG:6 ar_IN:6 ar_IQ:6 ar_KW:6 ar_LB:7 ar_LY:6 ar_MA:6 ar_OM:6 ar_QA:6 ar_SD:6 ar_TN:6 ar_YE:6 de_BE:3 de_CH:3 de_LU:3 en_AU:0 en_CA:0 en_IN:0 en_NZ:0 en_PH:0 en_ZA:0 en_ZW:0 es_AR:16 es_BO:16 es_CL:16 es_CO:16 es_CR:16 es_DO:16 es_EC:16 es_GT:16 es_HN:16 es_MX:16 es_NI:16 es_PA:16 es_PE:16 es_PR:16 es_PY:16 es_SV:16 es_US:16 es_UY:16 es_VE:16 fr_BE:4 fr_CA:4 fr_CH:4 fr_LU:4 it_IT:29 nl_BE:37 no_NO:36 sv_FI:2 zh_HK:55 el_GR:57 rm_CH:58';

/** Days from Sunday, days in short, months, months in short. */
const NAMES = `Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday;Sun,Mon,Tue,Wed,Thu,Fri,Sat;January,February,March,April,May,June,July,August,September,October,November,December;Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec
日曜日,月曜日,火曜日,水曜日,木曜日,金曜日,土曜日;日,月,火,水,木,金,土;1月,2月,3月,4月,5月,6月,7月,8月,9月,10月,11月,12月; 1月, 2月, 3月, 4月, 5月, 6月, 7月, 8月, 9月,10月,11月,12月
söndag,måndag,tisdag,onsdag,torsdag,fredag,lördag;sön,mån,tis,ons,tor,fre,lör;januari,februari,mars,april,maj,juni,juli,augusti,september,oktober,november,december;jan,feb,mar,apr,maj,jun,jul,aug,sep,okt,nov,dec
Sonntag,Montag,Dienstag,Mittwoch,Donnerstag,Freitag,Samstag;So,Mo,Di,Mi,Do,Fr,Sa;Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember;Jan,Feb,Mär,Apr,Mai,Jun,Jul,Aug,Sep,Okt,Nov,Dez
dimanche,lundi,mardi,mercredi,jeudi,vendredi,samedi;dim,lun,mar,mer,jeu,ven,sam;janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre;jan,fév,mar,avr,mai,jun,jui,aoû,sep,oct,nov,déc
الأحد,الاثنين,الثلاثاء,الأربعاء,الخميس,الجمعة,السبت ;ح,ن,ث,ر,خ,ج,س;يناير,فبراير,مارس,أبريل,مايو,يونيو,يوليو,أغسطس,سبتمبر,أكتوبر,نوفمبر,ديسمبر;ينا,فبر,مار,أبر,ماي,يون,يول,أغس,سبت,أكت,نوف,ديس
الأحد,الاثنين,الثلاثاء,الأربعاء,الخميس,الجمعة,السبت;ح,ن,ث,ر,خ,ج,س;يناير,فبراير,مارس,أبريل,مايو,يونيو,يوليو,أغسطس,سبتمبر,أكتوبر,نوفمبر,ديسمبر;ينا,فبر,مار,أبر,ماي,يون,يول,أغس,سبت,أكت,نوف,ديس
الأحد,الاثنين,الثلاثاء,الأربعاء,الخميس,الجمعة,السبت;الأحد,الاثنين,الثلاثاء,الأربعاء,الخميس,الجمعة,السبت;كانون الثاني,شباط,آذار,نيسان,نوار,حزيران,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول;كانون الثاني,شباط,آذار,نيسان,نوار,حزيران,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول
الأحد,الإثنين,الثلاثاء,الأربعاء,الخميس,الجمعـة,السبت;Sun,Mon,Tue,Wed,Thu,Fri,Sat;كانون الثاني,شباط,آذار,نيسـان,أيار,حزيران,تـمـوز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول;Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec
الأحد,الاثنين,الثلاثاء,الأربعاء,الخميس,الجمعة,السبت;الأحد,الاثنين,الثلاثاء,الأربعاء,الخميس,الجمعة,السبت;كانون الثاني,شباط,آذار,نيسان,نواران,حزير,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول;كانون الثاني,شباط,آذار,نيسان,نوار,حزيران,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول
Нядзеля,Панядзелак,Аўторак,Серада,Чацвер,Пятніца,Субота;Няд,Пан,Аўт,Срд,Чцв,Пят,Суб;Студзень,Люты,Сакавік,Красавік,Травень,Чэрвень,Ліпень,Жнівень,Верасень,Кастрычнік,Лістапад,Снежань;Стд,Лют,Сак,Крс,Тра,Чэр,Ліп,Жнв,Врс,Кст,Ліс,Снж
неделя,понеделник,вторник,сряда,четвъртък,петък,събота;нд,пн,вт,ср,чт,пт,сб;януари,февруари,март,април,май,юни,юли,август,септември,октомври,ноември,декември;яну,фев,мар,апр,май,юни,юли,авг,сеп,окт,ное,дек
diumenge,dilluns,dimarts,dimecres,dijous,divendres,dissabte;dg,dl,dt,dc,dj,dv,ds;gener,febrer,març,abril,maig,juny,juliol,agost,setembre,octubre,novembre,desembre;gen,feb,mar,abr,mai,jun,jul,ago,set,oct,nov,des
Neděle,Pondělí,Úterý,Středa,Čtvrtek,Pátek,Sobota;Ne,Po,Út,St,Čt,Pá,So;leden,únor,březen,duben,květen,červen,červenec,srpen,září,říjen,listopad,prosinec;led,úno,bře,dub,kvě,čen,čec,srp,zář,říj,lis,pro
søndag,mandag,tirsdag,onsdag,torsdag,fredag,lørdag;søn,man,tir,ons,tor,fre,lør;januar,februar,marts,april,maj,juni,juli,august,september,oktober,november,december;jan,feb,mar,apr,maj,jun,jul,aug,sep,okt,nov,dec
Sonntag,Montag,Dienstag,Mittwoch,Donnerstag,Freitag,Samstag;Son,Mon,Die,Mit,Don,Fre,Sam;Jänner,Feber,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember;Jän,Feb,Mär,Apr,Mai,Jun,Jul,Aug,Sep,Okt,Nov,Dez
domingo,lunes,martes,miércoles,jueves,viernes,sábado;dom,lun,mar,mié,jue,vie,sáb;enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre;ene,feb,mar,abr,may,jun,jul,ago,sep,oct,nov,dic
pühapäev,esmaspäev,teisipäev,kolmapäev,neljapäev,reede,laupäev;P,E,T,K,N,R,L;jaanuar,veebruar,märts,aprill,mai,juuni,juuli,august,september,oktoober,november,detsember;jaan ,veebr,märts,apr  ,mai  ,juuni,juuli,aug  ,sept ,okt  ,nov  ,dets 
igandea,astelehena,asteartea,asteazkena,osteguna,ostirala,larunbata;ig.,al.,ar.,az.,og.,or.,lr.;urtarrila,otsaila,martxoa,apirila,maiatza,ekaina,uztaila,abuztua,iraila,urria,azaroa,abendua;urt,ots,mar,api,mai,eka,uzt,abu,ira,urr,aza,abe
sunnuntai,maanantai,tiistai,keskiviikko,torstai,perjantai,lauantai;su,ma,ti,ke,to,pe,la;tammikuu,helmikuu,maaliskuu,huhtikuu,toukokuu,kesäkuu,heinäkuu,elokuu,syyskuu,lokakuu,marraskuu,joulukuu;tammi ,helmi ,maalis,huhti ,touko ,kesä  ,heinä ,elo   ,syys  ,loka  ,marras,joulu 
sunnudagur,mánadagur,týsdagur,mikudagur,hósdagur,fríggjadagur,leygardagur;sun,mán,týs,mik,hós,frí,ley;januar,februar,mars,apríl,mai,juni,juli,august,september,oktober,november,desember;jan,feb,mar,apr,mai,jun,jul,aug,sep,okt,nov,des
Domingo,Luns,Martes,Mércores,Xoves,Venres,Sábado;Dom,Lun,Mar,Mér,Xov,Ven,Sáb;Xaneiro,Febreiro,Marzo,Abril,Maio,Xuño,Xullo,Agosto,Setembro,Outubro,Novembro,Decembro;Xan,Feb,Mar,Abr,Mai,Xuñ,Xul,Ago,Set,Out,Nov,Dec
રવિવાર,સોમવાર,મન્ગળવાર,બુધવાર,ગુરુવાર,શુક્રવાર,શનિવાર;રવિ,સોમ,મન્ગળ,બુધ,ગુરુ,શુક્ર,શનિ;જાન્યુઆરી,ફેબ્રુઆરી,માર્ચ,એપ્રિલ,મે,જુન,જુલાઇ,ઓગસ્ટ,સેપ્ટેમ્બર,ઓક્ટોબર,નવેમ્બર,ડિસેમ્બર;જાન,ફેબ,માર,એપ્ર,મે,જુન,જુલ,ઓગ,સેપ્ટ,ઓક્ટ,નોવ,ડિસ
ראשון,שני,שלישי,רביעי,חמישי,שישי,שבת;א',ב',ג',ד',ה',ו',ש';ינואר,פברואר,מרץ,אפריל,מאי,יוני,יולי,אוגוסט,ספטמבר,אוקטובר,נובמבר,דצמבר;ינו,פבר,מרץ,אפר,מאי,יונ,יול,אוג,ספט,אוק,נוב,דצמ
रविवार ,सोमवार ,मंगलवार ,बुधवार ,गुरुवार ,शुक्रवार ,शनिवार ;रवि ,सोम ,मंगल ,बुध ,गुरु ,शुक्र ,शनि ;जनवरी,फ़रवरी,मार्च,अप्रेल,मई,जून,जुलाई,अगस्त,सितम्बर,अक्टूबर,नवम्बर,दिसम्बर;जनवरी,फ़रवरी,मार्च,अप्रेल,मई,जून,जुलाई,अगस्त,सितम्बर,अक्टूबर,नवम्बर,दिसम्बर
Nedjelja,Ponedjeljak,Utorak,Srijeda,Četvrtak,Petak,Subota;Ned,Pon,Uto,Sri,Čet,Pet,Sub;Siječanj,Veljača,Ožujak,Travanj,Svibanj,Lipanj,Srpanj,Kolovoz,Rujan,Listopad,Studeni,Prosinac;Sij,Vel,Ožu,Tra,Svi,Lip,Srp,Kol,Ruj,Lis,Stu,Pro
vasárnap,hétfő,kedd,szerda,csütörtök,péntek,szombat;v,h,k,sze,cs,p,szo;január,február,március,április,május,június,július,augusztus,szeptember,október,november,december;jan,feb,már,ápr,máj,jún,júl,aug,sze,okt,nov,dec
Minggu,Senin,Selasa,Rabu,Kamis,Jumat,Sabtu;Min,Sen,Sel,Rab,Kam,Jum,Sab;Januari,Pebruari,Maret,April,Mei,Juni,Juli,Agustus,September,Oktober,November,Desember;Jan,Peb,Mar,Apr,Mei,Jun,Jul,Agu,Sep,Okt,Nov,Des
sunnudagur,mánudagur,þriðjudagur,miðvikudagur,fimmtudagur,föstudagur,laugardagur;sun,mán,þri,mið,fim,fös,lau;janúar,febrúar,mars,apríl,maí,júní,júlí,ágúst,september,október,nóvember,desember;jan,feb,mar,apr,maí,jún,júl,ágú,sep,okt,nóv,des
domenica,lunedì,martedì,mercoledì,giovedì,venerdì,sabato;dom,lun,mar,mer,gio,ven,sab;gennaio,febbraio,marzo,aprile,maggio,giugno,luglio,agosto,settembre,ottobre,novembre,dicembre;gen,feb,mar,apr,mag,giu,lug,ago,set,ott,nov,dic
일요일,월요일,화요일,수요일,목요일,금요일,토요일;일,월,화,수,목,금,토;일월,이월,삼월,사월,오월,유월,칠월,팔월,구월,시월,십일월,십이월; 1월, 2월, 3월, 4월, 5월, 6월, 7월, 8월, 9월,10월,11월,12월
Sekmadienis,Pirmadienis,Antradienis,Trečiadienis,Ketvirtadienis,Penktadienis,Šeštadienis;Sk,Pr,An,Tr,Kt,Pn,Št;sausio,vasario,kovo,balandžio,gegužės,birželio,liepos,rugpjūčio,rugsėjo,spalio,lapkričio,gruodžio;Sau,Vas,Kov,Bal,Geg,Bir,Lie,Rgp,Rgs,Spa,Lap,Grd
svētdiena,pirmdiena,otrdiena,trešdiena,ceturtdiena,piektdiena,sestdiena;Sv,P ,O ,T ,C ,Pk,S ;janvāris,februāris,marts,aprīlis,maijs,jūnijs,jūlijs,augusts,septembris,oktobris,novembris,decembris;jan,feb,mar,apr,mai,jūn,jūl,aug,sep,okt,nov,dec
недела,понеделник,вторник,среда,четврток,петок,сабота;нед,пон,вто,сре,чет,пет,саб;јануари,февруари,март,април,мај,јуни,јули,август,септември,октомври,ноември,декември;јан,фев,мар,апр,мај,јун,јул,авг,сеп,окт,ное,дек
Ням,Даваа,Мягмар,Лхагва,Пүрэв,Баасан,Бямба;Ня,Да,Мя,Лх,Пү,Ба,Бя;Нэгдүгээр сар,Хоёрдугаар сар,Гуравдугаар сар,Дөрөвдүгээр сар,Тавдугаар сар,Зургаадугар сар,Долоодугаар сар,Наймдугаар сар,Есдүгээр сар,Аравдугаар сар,Арваннэгдүгээр сар,Арванхоёрдгаар сар;1-р,2-р,3-р,4-р,5-р,6-р,7-р,8-р,9-р,10-р,11-р,12-р
Ahad,Isnin,Selasa,Rabu,Khamis,Jumaat,Sabtu;Ahd,Isn,Sel,Rab,Kha,Jum,Sab;Januari,Februari,Mac,April,Mei,Jun,Julai,Ogos,September,Oktober,November,Disember;Jan,Feb,Mac,Apr,Mei,Jun,Jul,Ogos,Sep,Okt,Nov,Dis
søndag,mandag,tirsdag,onsdag,torsdag,fredag,lørdag;søn,man,tir,ons,tor,fre,lør;januar,februar,mars,april,mai,juni,juli,august,september,oktober,november,desember;jan,feb,mar,apr,mai,jun,jul,aug,sep,okt,nov,des
zondag,maandag,dinsdag,woensdag,donderdag,vrijdag,zaterdag;zo,ma,di,wo,do,vr,za;januari,februari,maart,april,mei,juni,juli,augustus,september,oktober,november,december;jan,feb,mrt,apr,mei,jun,jul,aug,sep,okt,nov,dec
niedziela,poniedziałek,wtorek,środa,czwartek,piątek,sobota;nie,pon,wto,śro,czw,pią,sob;styczeń,luty,marzec,kwiecień,maj,czerwiec,lipiec,sierpień,wrzesień,październik,listopad,grudzień;sty,lut,mar,kwi,maj,cze,lip,sie,wrz,paź,lis,gru
domingo,segunda,terça,quarta,quinta,sexta,sábado;Dom,Seg,Ter,Qua,Qui,Sex,Sáb;janeiro,fevereiro,março,abril,maio,junho,julho,agosto,setembro,outubro,novembro,dezembro;Jan,Fev,Mar,Abr,Mai,Jun,Jul,Ago,Set,Out,Nov,Dez
Domingo,Segunda,Terça,Quarta,Quinta,Sexta,Sábado;Dom,Seg,Ter,Qua,Qui,Sex,Sáb;Janeiro,Fevereiro,Março,Abril,Maio,Junho,Julho,Agosto,Setembro,Outubro,Novembro,Dezembro;Jan,Fev,Mar,Abr,Mai,Jun,Jul,Ago,Set,Out,Nov,Dez
Duminică,Luni,Marţi,Miercuri,Joi,Vineri,Sâmbătă;Du,Lu,Ma,Mi,Jo,Vi,Sâ;Ianuarie,Februarie,Martie,Aprilie,Mai,Iunie,Iulie,August,Septembrie,Octombrie,Noiembrie,Decembrie;ian,feb,mar,apr,mai,iun,iul,aug,sep,oct,nov,dec
Воскресенье,Понедельник,Вторник,Среда,Четверг,Пятница,Суббота;Вск,Пнд,Втр,Срд,Чтв,Птн,Сбт;Января,Февраля,Марта,Апреля,Мая,Июня,Июля,Августа,Сентября,Октября,Ноября,Декабря;Янв,Фев,Мар,Апр,Май,Июн,Июл,Авг,Сен,Окт,Ноя,Дек
Воскресенье,Понедельник,Вторник,Среда,Четверг,Пятница,Суббота;Вск,Пнд,Вто,Срд,Чтв,Птн,Суб;Январь,Февраль,Март,Апрель,Май,Июнь,Июль,Август,Сентябрь,Октябрь,Ноябрь,Декабрь;Янв,Фев,Мар,Апр,Май,Июн,Июл,Авг,Сен,Окт,Ноя,Дек
Nedeľa,Pondelok,Utorok,Streda,Štvrtok,Piatok,Sobota;Ne,Po,Ut,St,Št,Pi,So;január,február,marec,apríl,máj,jún,júl,august,september,október,november,december;jan,feb,mar,apr,máj,jún,júl,aug,sep,okt,nov,dec
nedelja,ponedeljek,torek,sreda,četrtek,petek,sobota;ned,pon,tor,sre,čet,pet,sob;januar,februar,marec,april,maj,junij,julij,avgust,september,oktober,november,december;jan,feb,mar,apr,maj,jun,jul,avg,sep,okt,nov,dec
e diel ,e hënë ,e martë ,e mërkurë ,e enjte ,e premte ,e shtunë ;Die ,Hën ,Mar ,Mër ,Enj ,Pre ,Sht ;janar,shkurt,mars,prill,maj,qershor,korrik,gusht,shtator,tetor,nëntor,dhjetor;Jan,Shk,Mar,Pri,Maj,Qer,Kor,Gsh,Sht,Tet,Nën,Dhj
nedelja,ponedeljak,utorak,sreda,četvrtak,petak,subota;ned,pon,uto,sre,čet,pet,sub;januar,februar,mart,april,maj,juni,juli,avgust,septembar,oktobar,novembar,decembar;jan,feb,mar,apr,maj,jun,jul,avg,sep,okt,nov,dec
ஞாயிறு,திங்கள்,செவ்வாய்,புதன்,வியாழன்,வெள்ளி,சனி;ஞ,த,ச,ப,வ,வ,ச;ஜனவரி,பெப்ரவரி,மார்ச்,ஏப்ரல்,மே,ஜூன்,ஜூலை,ஆகஸ்ட்,செப்டம்பர்,அக்டோபர்,நவம்பர்,டிசம்பர்r;ஜனவரி,பெப்ரவரி,மார்ச்,ஏப்ரல்,மே,ஜூன்,ஜூலை,ஆகஸ்ட்,செப்டம்பர்,அக்டோபர்,நவம்பர்,டிசம்பர்r
ఆదివారం,సోమవారం,మంగళవారం,బుధవారం,గురువారం,శుక్రవారం,శనివారం;ఆది,సోమ,మంగళ,బుధ,గురు,శుక్ర,శని;జనవరి,ఫిబ్రవరి,మార్చి,ఏప్రిల్,మే,జూన్,జూలై,ఆగస్టు,సెప్టెంబర్,అక్టోబర్,నవంబర్,డిసెంబర్;జనవరి,ఫిబ్రవరి,మార్చి,ఏప్రిల్,మే,జూన్,జూలై,ఆగస్టు,సెప్టెంబర్,అక్టోబర్,నవంబర్,డిసెంబర్
อาทิตย์,จันทร์,อังคาร,พุธ,พฤหัสบดี,ศุกร์,เสาร์;อา.,จ.,อ.,พ.,พฤ.,ศ.,ส.;มกราคม,กุมภาพันธ์,มีนาคม,เมษายน,พฤษภาคม,มิถุนายน,กรกฎาคม,สิงหาคม,กันยายน,ตุลาคม,พฤศจิกายน,ธันวาคม;ม.ค.,ก.พ.,มี.ค.,เม.ย.,พ.ค.,มิ.ย.,ก.ค.,ส.ค.,ก.ย.,ต.ค.,พ.ย.,ธ.ค.
Pazar,Pazartesi,Salı,Çarşamba,Perşembe,Cuma,Cumartesi;Paz,Pzt,Sal,Çrş,Prş,Cum,Cts;Ocak,Şubat,Mart,Nisan,Mayıs,Haziran,Temmuz,Ağustos,Eylül,Ekim,Kasım,Aralık;Oca,Şub,Mar,Nis,May,Haz,Tem,Ağu,Eyl,Eki,Kas,Ara
Неділя,Понеділок,Вівторок,Середа,Четвер,П'ятниця,Субота;Ндл,Пнд,Втр,Срд,Чтв,Птн,Сбт;Січень,Лютий,Березень,Квітень,Травень,Червень,Липень,Серпень,Вересень,Жовтень,Листопад,Грудень;Січ,Лют,Бер,Кві,Тра,Чер,Лип,Сер,Вер,Жов,Лис,Гру
اتوار,پير,منگل,بدھ,جمعرات,جمعه,هفته;اتوار,پير,منگل,بدھ,جمعرات,جمعه,هفته;جنوري,فروري,مارچ,اپريل,مٓی,جون,جولاي,اگست,ستمبر,اكتوبر,نومبر,دسمبر;جنوري,فروري,مارچ,اپريل,مٓی,جون,جولاي,اگست,ستمبر,اكتوبر,نومبر,دسمبر
Chủ nhật ,Thứ hai ,Thứ ba ,Thứ tư ,Thứ năm ,Thứ sáu ,Thứ bảy ;CN ,Th 2 ,Th 3 ,Th 4 ,Th 5 ,Th 6 ,Th 7 ;Tháng một,Tháng hai,Tháng ba,Tháng tư,Tháng năm,Tháng sáu,Tháng bảy,Tháng tám,Tháng chín,Tháng mười,Tháng mười một,Tháng mười hai;Thg 1,Thg 2,Thg 3,Thg 4,Thg 5,Thg 6,Thg 7,Thg 8,Thg 9,Thg 10,Thg 11,Thg 12
星期日,星期一,星期二,星期三,星期四,星期五,星期六;日,一,二,三,四,五,六;一月,二月,三月,四月,五月,六月,七月,八月,九月,十月,十一月,十二月; 1月, 2月, 3月, 4月, 5月, 6月, 7月, 8月, 9月,10月,11月,12月
週日,週一,週二,週三,週四,週五,週六;日,一,二,三,四,五,六;一月,二月,三月,四月,五月,六月,七月,八月,九月,十月,十一月,十二月; 1月, 2月, 3月, 4月, 5月, 6月, 7月, 8月, 9月,10月,11月,12月
Κυριακή,Δευτέρα,Τρίτη,Τετάρτη,Πέμπτη,Παρασκευή,Σάββατο;Κυρ,Δευ,Τρί,Τετ,Πέμ,Παρ,Σάβ;Ιανουάριος,Φεβρουάριος,Μάρτιος,Απρίλιος,Μάιος,Ιούνιος,Ιούλιος,Αύγουστος,Σεπτέμβριος,Οκτώβριος,Νοέμβριος,Δεκέμβριος;Ιαν,Φεβ,Μάρ,Απρ,Μάι,Ιούν,Ιούλ,Αύγ,Σεπ,Οκτ,Νοέ,Δεκ
dumengia,glindesdi,mardi,mesemna,gievgia,venderdi,sonda;du,gli,ma,me,gie,ve,so;schaner,favrer,mars,avrigl,matg,zercladur,fanadur,avust,settember,october,november,december;schan,favr,mars,avr,matg,zercl,fan,avust,sett,oct,nov,dec`;

let known: { readonly names: readonly string[]; readonly lines: readonly number[] } | undefined;
let last: { readonly locale: string; readonly names: LocaleNames } | undefined;

function locales(): NonNullable<typeof known> {
  if (known) return known;
  const pairs = LOCALES.split(' ').map((pair) => pair.split(':') as [string, string]);
  known = { names: pairs.map(([name]) => name), lines: pairs.map(([, line]) => Number(line)) };
  return known;
}

/** A locale as the server spells it, by its name in any case or by its number; undefined for one there is not. */
export function findLocale(asked: string | number): string | undefined {
  const { names } = locales();
  if (typeof asked === 'number') return names[asked];
  const lower = asked.toLowerCase();
  return names.find((name) => name.toLowerCase() === lower);
}

/** What days and months are called in a locale; in one there is not, as in en_US. */
export function localeNames(locale: string): LocaleNames {
  if (last?.locale === locale) return last.names;
  const { names, lines } = locales();
  const line = NAMES.split('\n')[lines[Math.max(0, names.indexOf(locale))] as number] as string;
  const [days, dayShort, months, monthShort] = line.split(';').map((list) => list.split(','));
  const made = { days, dayShort, months, monthShort } as LocaleNames;
  last = { locale, names: made };
  return made;
}
