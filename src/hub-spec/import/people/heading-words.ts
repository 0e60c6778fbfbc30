/** What a column of a list of people says of them. */
export type ColumnRole = 'login' | 'first' | 'last' | 'full' | 'email' | 'group'

/** `Name` alone is a whole name, and the other half of one beside `Vorname` or `Cognoms`. */
export type HeadingRole = ColumnRole | 'name'

/**
 * How Moodle, Canvas, Google Classroom, Excel and school systems head these columns; the more particular heading comes first.
 * A login is a login where there is one, else an id.
 */
export const headingWords: Readonly<Record<HeadingRole, readonly string[]>> = {
  login: listed(`
    SIS Login ID | Login ID | Login | Username | User name | User | Login name | NetID | Account | Kennung |
    Benutzername | Anmeldename | Nutzername | Benutzerkennung | Uni-Kennung | Nutzerkennung | Nom d'utilisateur |
    Identifiant | Nombre de usuario | Usuario | Nome utente | Utente | Nome de usuário | Nome de utilizador |
    Usuário | Utilizador | Gebruikersnaam | Nazwa użytkownika | Uživatelské jméno | Používateľské meno |
    Användarnamn | Brugernavn | Brukernavn | Käyttäjätunnus | Felhasználónév | Nume utilizator | Kullanıcı adı |
    Логин | Имя пользователя | Логін | Ім'я користувача | Όνομα χρήστη | 用户名 | 使用者名稱 | ユーザー名 | ユーザ名 | 사용자 이름 |
    아이디 | اسم المستخدم | المستخدم | المستخدمون | اسم الدخول | Nutzernamen | Benutzernamen | Login-Name | Login Kennung | RZ-Kennung | TUM-Kennung |
    Netzkennung | Account name | SAM account name | sAMAccountName | uid | Nom d'usuari | Erabiltzaile-izena |
    Nome de usuario | Korisničko ime | Uporabniško ime | Потребителско име | Корисничко име | Kasutajanimi |
    Kasutajatunnus | Lietotājvārds | Naudotojo vardas | Prisijungimo vardas | Notandanafn | שם משתמש |
    ชื่อผู้ใช้ | ชื่อบัญชี | Tên đăng nhập | Tên người dùng | Tên tài khoản | Tài khoản | ユーザーID | ユーザID | ユーザー |
    ログインID | ログイン名 | アカウント | アカウント名 | 사용자명 | 사용자 ID | 사용자 아이디 | 로그인 ID | 로그인 | 계정 | 계정명 | 账号 | 帐号 | 帳號 | 账户 |
    登录名 | 登录账号 | 登入名稱 | 使用者帳號 | 用户 | نام کاربری | उपयोगकर्ता नाम | Nama pengguna | მომხმარებლის სახელი |
    Utilisateur | Benutzer | Nutzer | Gebruiker | Käyttäjä | Felhasználó | Użytkownik | Uživatel | Používateľ |
    Användare | Bruger | Bruker | Kullanıcı | Пользователь | Користувач | Usuari | Utilizator | Օգտանուն | ব্যবহারকারীর নাম | Identifier | SIS User ID | SIS ID | ID number | Student ID | Student number | User ID |
    Matriculation number | ID-Nummer | Matrikelnummer | Matrikel | Matr.-Nr. | Numéro d'identification |
    Numéro étudiant | N° d'étudiant | Número de ID | Matrícula | Numero ID | Codice identificativo | Matricola |
    Número de identificação | Studentnummer | Numer ID | Numer albumu | Identifikační číslo | Opiskelijanumero |
    OrgDefinedId | Org Defined ID | SID | Registration number | Enrollment number | Roll number | Roll no |
    Index number | Mtknr | MatrNr | Matrikelnr | Matr.-Nummer | Institutionsnummer | Institutionsidentifikator |
    Número d'identificació | Número d'estudiant | Broj indeksa | JMBAG | Vpisna številka | Факултетен номер |
    Номер зачетной книжки | Табельный номер | Üliõpilaskood | NIM | מספר סטודנט | מספר מזהה | รหัสนักศึกษา |
    รหัสนักเรียน | รหัสนิสิต | หมายเลขประจำตัว | เลขประจำตัว | Mã số sinh viên | Mã sinh viên | MSSV | Mã số |
    Số ID | 学生番号 | 学生証番号 | IDナンバー | 生徒番号 | 학생번호 | 학생 번호 | 학적번호 | ID 번호 | 工号 | 证件号 | الرقم الجامعي | رقم الطالب |
    شماره دانشجویی | Neptun kód | Öğrenci no | Индивидуальный номер | 学号 | 學號 | 学籍番号 | 학번 | ID
  `),
  first: listed(`
    First name | Given name | Forename | Firstname | Vorname | Rufname | Prénom | Nombre | Nombre(s) | Nombres |
    Nome | Nome próprio | Voornaam | Imię | Jméno | Krstné meno | Förnamn | Fornavn | Etunimi | Keresztnév |
    Utónév | Prenume | Ad | Adı | Имя | Ім'я | Όνομα | 名 | الاسم الأول | First | Given | Prenom | Ime | Име |
    Eesnimi | Vārds | Vardas | Izena | Eiginnafn | Fornafn | Nama depan | Tên | שם פרטי | ชื่อ | ชื่อจริง |
    名(漢字) | 이름(한글) | 名字 | पहला नाम | სახელი | الاسم الاول
  `),
  last: listed(`
    Last name | Surname | Family name | Lastname | Nachname | Familienname | Zuname | Nom de famille | Apellidos |
    Apellido(s) | Apellido | Cognome | Sobrenome | Apelido | Achternaam | Nazwisko | Příjmení | Priezvisko |
    Efternamn | Efternavn | Etternavn | Sukunimi | Vezetéknév | Nume de familie | Soyad | Soyadı | Фамилия |
    Прізвище | Επώνυμο | 姓 | 성 | اسم العائلة | Last | Cognoms | Apelidos | Priimek | Prezime | Презиме |
    Perekonnanimi | Perenimi | Uzvārds | Pavardė | Abizenak | Deitura | Eftirnafn | Nama belakang | Họ | Họ đệm |
    Họ và tên đệm | Họ và tên lót | שם משפחה | นามสกุล | 姓氏 | उपनाम | कुलनाम | გვარი | الاسم الأخير | اللقب |
    نام خانوادگی
  `),
  full: listed(`
    Full name | Display name | Student name | Participant | Student | Vollständiger Name | Nom complet |
    Nom et prénom | Nombre completo | Nome completo | Nome e cognome | Volledige naam | Imię i nazwisko |
    Celé jméno | Fullständigt namn | Koko nimi | Teljes név | Ad Soyad | Adı Soyadı | ФИО | ПІБ | Ονοματεπώνυμο |
    姓名 | 氏名 | 성명 | Users | Students | Participants | Teilnehmer | Teilnehmer/in | Teilnehmende | Studierende |
    Studierende/r | Schüler | Schülerin/Schüler | Nom i cognoms | Nom complert | Nome e apelidos | Ime i prezime |
    Ime in priimek | Име и фамилия | Täisnimi | Vārds, uzvārds | Vardas, pavardė | Izen-abizenak | Nama lengkap |
    Фамилия Имя Отчество | Фамилия, имя, отчество | שם מלא | שם הסטודנט | ชื่อ-นามสกุล | ชื่อ - สกุล | ชื่อเต็ม |
    Họ và tên | Họ tên | Tên đầy đủ | 学生氏名 | 生徒氏名 | フルネーム | お名前 | 성함 | 학생 이름 | 학생명 | 이름(성명) | 학생 성명 | 学生姓名 | 全名 |
    الاسم الكامل | اسم الطالب | نام و نام خانوادگی | पूरा नाम
  `),
  name: listed(`
    Name | Names | Nom | Nume | Naam | Namn | Navn | Nimi | Név | Nama | 名前 | الاسم | نام | Nafn | שם | नाम | 이름 |
    Имена | Ім’я та прізвище
  `),
  email: listed(`
    Email address | Email | E-mail | Mail | Mail address | E-mail addresses | E-Mail-Adresse | Mailadresse |
    Adresse de courriel | Adresse e-mail | Adresse mail | Courriel |
    Adresse électronique | Courrier électronique | Adresse de messagerie | Correo electrónico | Dirección de correo |
    Dirección Email | Correo | Indirizzo email | Indirizzo e-mail | Posta elettronica | Endereço de email |
    Endereço de e-mail | Correio eletrónico | E-mailadres | Adres e-mail | E-mailová adresa | E-postadress |
    E-post | E-postadresse | E-mailadresse | Sähköpostiosoite | Sähköposti | E-mail cím | Adresă de email |
    E-posta adresi | E-posta | Адрес электронной почты | Электронная почта | Эл. почта | Почта |
    Електронна пошта | Ηλεκτρονικό ταχυδρομείο | 电子邮件 | 电子邮箱 | 邮箱 | 電子郵件 | メールアドレス | メール | 이메일 |
    البريد الإلكتروني | Mail-Adresse | EMail | E-Mailadresse | E-mail-cím | Adreça electrònica |
    Correu electrònic | Correu | Enderezo de correo | Helbide elektronikoa | E-posta helbidea | Adresa e-pošte |
    E-pošta | E-poštni naslov | E-naslov | Електронна поща | Имейл | Е-пошта | E-posti aadress | E-pasta adrese |
    E-pasts | El. pašto adresas | El. paštas | Netfang | Tölvupóstfang | Alamat email | Surel | Emel |
    דואר אלקטרוני | כתובת דואר אלקטרוני | דוא"ל | כתובת דוא"ל | אימייל | מייל | อีเมล | ที่อยู่อีเมล | อีเมล์ |
    Địa chỉ email | Địa chỉ thư điện tử | Thư điện tử | Eメール | Eメールアドレス | 電子メール | 電子メールアドレス | Emailアドレス |
    E-mailアドレス | 이메일 주소 | 전자우편 | 전자 메일 | 메일 | 메일 주소 | 电子邮箱地址 | 电子邮件地址 | 邮件 | 電子郵件地址 | 電郵 | 信箱 |
    البريد الالكتروني | بريد إلكتروني | ایمیل | نشانی پست الکترونیک | ईमेल | ელ-ფოსტა | ელფოსტა |
    User principal name | UPN | E-mail 1 - Value | E-mail 1 | E-mail 1 address
  `),
  group: listed(`
    Groups | Group | Gruppen | Gruppe | Groupes | Groupe | Grupos | Grupo | Gruppi | Gruppo | Groepen | Groep |
    Grupy | Grupa | Skupiny | Skupina | Grupper | Grupp | Ryhmät | Ryhmä | Csoport | Csoportok | Gruplar | Grup |
    Группы | Группа | Групи | Група | 组 | 群组 | 組 | グループ | 그룹 | Group name | Group title | Gruppenname | Group 1 |
    Cohort | Cohorts | Nom du groupe | Grups | Grup de classe | Taldea | Taldeak | Групе | Grupė | Rühm | Grupas |
    Kelompok | קבוצה | קבוצות | กลุ่ม | Nhóm | Nhóm học | グループ名 | 班 | 그룹명 | 모둠 | 조 | 分组 | 小组 | 組別 | المجموعة |
    المجموعات | گروه | समूह | Team | Team name | Class | Classes | Class name | Klasse | Klassen | Classe | Clase |
    Turma | Klas | Klasa | Třída | Trieda | Klass | Luokka | Osztály | Clasă | Sınıf | Класс | Клас | Τμήμα | Τάξη |
    班级 | 班級 | クラス | 반 | 학급 | الصف | الفصل | כיתה | Lớp | Kelas
  `),
}

function listed(text: string): readonly string[] {
  return text.split('|').map((heading) => heading.trim())
}
