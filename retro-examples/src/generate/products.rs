//! The catalogue: home computers of 1975 to 1995. These are facts, not invention.

/// A machine as it stands in `products.csv`.
pub(super) struct Machine {
    pub(super) countries: &'static str,
    pub(super) manufacturer: &'static str,
    pub(super) name: &'static str,
    pub(super) cpu: &'static str,
    pub(super) year: u16,
}

/// What sells best, the best first; the other machines follow in an order that the seed decides.
#[rustfmt::skip]
pub(super) const BESTSELLERS: [&str; 12] = [
    "Commodore 64", "ZX Spectrum", "Amiga 500", "Apple IIe", "BBC Micro Model B", "Atari 800XL",
    "Atari 520ST", "CPC 464", "TRS-80 Model I", "VIC-20", "ZX81", "TI-99/4A",
];

/// All the machines, by continent and country, in the order of the file.
#[rustfmt::skip]
pub(super) static MACHINES: &[Machine] = &[
    machine("USA", "MITS", "Altair 8800", "8080", 1975),
    machine("USA", "IMS Associates", "IMSAI 8080", "8080", 1975),
    machine("USA", "Southwest Technical Products", "SWTPC 6800", "6800", 1975),
    machine("USA", "MOS Technology", "KIM-1", "6502", 1976),
    machine("USA", "Processor Technology", "Sol-20", "8080", 1976),
    machine("USA", "PolyMorphic Systems", "Poly-88", "8080", 1976),
    machine("USA", "RCA", "COSMAC VIP", "CDP1802", 1977),
    machine("USA", "Intelligent Systems Corporation", "Compucolor II", "8080", 1977),
    machine("USA", "North Star Computers", "Horizon", "Z80", 1977),
    machine("USA", "Heath Company", "Heathkit H8", "8080", 1977),
    machine("USA", "VideoBrain Computer Company", "VideoBrain Family Computer", "F8", 1977),
    machine("USA", "Ohio Scientific", "Challenger 1P", "6502", 1978),
    machine("USA", "Synertek", "SYM-1", "6502", 1978),
    machine("USA", "Exidy", "Exidy Sorcerer", "Z80", 1978),
    machine("USA", "APF Electronics, Inc.", "Imagination Machine", "6800", 1979),
    machine("USA", "Apple Computer, Inc.", "Apple I", "6502", 1976),
    machine("USA", "Apple Computer, Inc.", "Apple II", "6502", 1977),
    machine("USA", "Apple Computer, Inc.", "Apple II Plus", "6502", 1979),
    machine("USA", "Apple Computer, Inc.", "Apple III", "6502", 1980),
    machine("USA", "Apple Computer, Inc.", "Apple IIe", "6502", 1983),
    machine("USA", "Apple Computer, Inc.", "Apple IIc", "65C02", 1984),
    machine("USA", "Apple Computer, Inc.", "Macintosh 128K", "68000", 1984),
    machine("USA", "Apple Computer, Inc.", "Apple IIGS", "65C816", 1986),
    machine("USA", "Apple Computer, Inc.", "Macintosh LC", "68020", 1990),
    machine("USA", "Commodore", "PET 2001", "6502", 1977),
    machine("USA", "Commodore", "VIC-20", "6502", 1981),
    machine("USA", "Commodore", "Commodore 64", "6510", 1982),
    machine("USA", "Commodore", "SX-64", "6510", 1984),
    machine("USA", "Commodore", "Commodore 16", "7501", 1984),
    machine("USA", "Commodore", "Plus/4", "7501", 1984),
    machine("USA", "Commodore", "Commodore 128", "8502 + Z80", 1985),
    machine("USA", "Commodore", "Amiga 1000", "68000", 1985),
    machine("USA", "Commodore", "Amiga 500", "68000", 1987),
    machine("USA", "Commodore", "Amiga 2000", "68000", 1987),
    machine("USA", "Commodore", "Amiga 3000", "68030", 1990),
    machine("USA", "Commodore", "Amiga 600", "68000", 1992),
    machine("USA", "Commodore", "Amiga 1200", "68EC020", 1992),
    machine("USA", "Atari, Inc.", "Atari 400", "6502", 1979),
    machine("USA", "Atari, Inc.", "Atari 800", "6502", 1979),
    machine("USA", "Atari, Inc.", "Atari 1200XL", "6502C", 1983),
    machine("USA", "Atari, Inc.", "Atari 600XL", "6502C", 1983),
    machine("USA", "Atari, Inc.", "Atari 800XL", "6502C", 1983),
    machine("USA", "Atari Corporation", "Atari 130XE", "6502C", 1985),
    machine("USA", "Atari Corporation", "Atari 520ST", "68000", 1985),
    machine("USA", "Atari Corporation", "Atari 1040STE", "68000", 1989),
    machine("USA", "Atari Corporation", "Atari TT030", "68030", 1990),
    machine("USA", "Atari Corporation", "Atari Falcon030", "68030", 1992),
    machine("USA", "Tandy Corporation", "TRS-80 Model I", "Z80", 1977),
    machine("USA", "Tandy Corporation", "TRS-80 Model III", "Z80", 1980),
    machine("USA", "Tandy Corporation", "TRS-80 Color Computer", "6809E", 1980),
    machine("USA", "Tandy Corporation", "TRS-80 MC-10", "6803", 1983),
    machine("USA/Japan", "Tandy Corporation", "TRS-80 Model 100", "80C85", 1983),
    machine("USA", "Tandy Corporation", "Tandy 1000", "8088", 1984),
    machine("USA", "Tandy Corporation", "Color Computer 3", "68B09E", 1986),
    machine("USA", "Texas Instruments", "TI-99/4", "TMS9900", 1979),
    machine("USA", "Texas Instruments", "TI-99/4A", "TMS9900", 1981),
    machine("USA", "Osborne Computer Corporation", "Osborne 1", "Z80", 1981),
    machine("USA", "Franklin Computer Corporation", "Franklin ACE 1000", "6502", 1982),
    machine("USA", "Coleco", "Adam", "Z80A", 1983),
    machine("USA/Hong Kong", "Mattel Electronics", "Aquarius", "Z80A", 1983),
    machine("USA/Hong Kong", "Spectravideo", "SV-318", "Z80A", 1983),
    machine("USA/Hong Kong", "Spectravideo", "SV-328", "Z80A", 1983),
    machine("USA/UK/Portugal", "Timex Sinclair", "Timex Sinclair 1000", "Z80A", 1982),
    machine("USA/Portugal", "Timex Sinclair", "Timex Sinclair 2068", "Z80A", 1983),
    machine("USA", "IBM", "PCjr", "8088", 1984),
    machine("USA", "IBM", "PS/1 Model 2011", "80286", 1990),
    machine("Canada", "CEMCORP", "ICON", "80186", 1984),
    machine("UK", "Science of Cambridge", "MK14", "SC/MP", 1977),
    machine("UK", "Science of Cambridge", "ZX80", "Z80A", 1980),
    machine("UK", "Sinclair Research", "ZX81", "Z80A", 1981),
    machine("UK", "Sinclair Research", "ZX Spectrum", "Z80A", 1982),
    machine("UK", "Sinclair Research", "Sinclair QL", "68008", 1984),
    machine("UK/Spain", "Sinclair Research", "ZX Spectrum 128", "Z80A", 1985),
    machine("UK", "Cambridge Computer", "Cambridge Z88", "Z80", 1987),
    machine("UK", "Nascom Microcomputers", "Nascom 1", "Z80", 1977),
    machine("UK", "Research Machines", "RML 380Z", "Z80", 1977),
    machine("UK", "Compshop", "Compukit UK101", "6502", 1979),
    machine("UK", "Tangerine Computer Systems", "Microtan 65", "6502", 1979),
    machine("UK", "Oric Products International", "Oric-1", "6502A", 1983),
    machine("UK", "Oric Products International", "Oric Atmos", "6502A", 1984),
    machine("UK", "Acorn Computers", "Acorn Atom", "6502", 1980),
    machine("UK", "Acorn Computers", "BBC Micro Model B", "6502A", 1981),
    machine("UK", "Acorn Computers", "Acorn Electron", "6502A", 1983),
    machine("UK", "Acorn Computers", "BBC Master 128", "65SC12", 1986),
    machine("UK", "Acorn Computers", "Archimedes 310", "ARM2", 1987),
    machine("UK", "Acorn Computers", "Archimedes A3010", "ARM250", 1992),
    machine("UK", "Acorn Computers", "Risc PC 600", "ARM610", 1994),
    machine("UK", "Grundy Business Systems", "NewBrain", "Z80A", 1982),
    machine("UK", "Jupiter Cantab", "Jupiter Ace", "Z80A", 1982),
    machine("UK", "Dragon Data", "Dragon 32", "6809E", 1982),
    machine("UK", "Dragon Data", "Dragon 64", "6809E", 1983),
    machine("UK", "Camputers", "Lynx", "Z80A", 1983),
    machine("UK", "Memotech", "MTX512", "Z80A", 1983),
    machine("UK", "Amstrad", "CPC 464", "Z80A", 1984),
    machine("UK", "Amstrad", "CPC 6128", "Z80A", 1985),
    machine("UK/Spain", "Amstrad", "CPC 472", "Z80A", 1985),
    machine("UK", "Amstrad", "PCW 8256", "Z80A", 1985),
    machine("UK", "Amstrad", "ZX Spectrum +2", "Z80A", 1986),
    machine("UK", "Enterprise Computers", "Enterprise 128", "Z80A", 1985),
    machine("UK", "Miles Gordon Technology", "SAM Coupé", "Z80B", 1989),
    machine("Netherlands", "Philips", "P2000T", "Z80", 1980),
    machine("Netherlands", "Aster Computers", "CT-80", "Z80", 1982),
    machine("Belgium", "Data Applications International", "DAI Personal Computer", "8080A", 1980),
    machine("France", "Thomson", "TO7", "6809", 1982),
    machine("France", "Thomson", "MO5", "6809E", 1984),
    machine("France", "Matra", "Alice", "6803", 1983),
    machine("France", "Exelvision", "EXL 100", "TMS7020", 1984),
    machine("Italy/Japan", "Olivetti", "Olivetti M10", "80C85", 1983),
    machine("Italy/France", "Olivetti", "Prodest PC 128", "6809E", 1986),
    machine("Spain", "Investrónica", "Inves Spectrum+", "Z80A", 1986),
    machine("Portugal", "Timex Portugal", "Timex Computer 2048", "Z80A", 1984),
    machine("Poland/Portugal", "Unipolbrit", "Komputer 2086", "Z80A", 1986),
    machine("Poland", "Elwro", "Elwro 800 Junior", "U880", 1986),
    machine("West Germany", "Schneider", "Euro PC", "8088", 1988),
    machine("East Germany", "VEB Robotron", "Robotron Z1013", "U880", 1985),
    machine("East Germany", "VEB Mikroelektronik Mühlhausen", "KC 85/3", "U880", 1986),
    machine("Switzerland", "Epsitec", "Smaky 6", "Z80", 1978),
    machine("Sweden", "Luxor", "ABC 80", "Z80", 1978),
    machine("Norway", "Tiki Data", "Tiki 100", "Z80", 1984),
    machine("Denmark", "Regnecentralen", "RC759 Piccoline", "80186", 1984),
    machine("Finland", "Nokia", "MikroMikko 1", "8085", 1981),
    machine("Finland/Hong Kong", "Salora", "Fellow", "Z80A", 1983),
    machine("Czechoslovakia", "Tesla", "PMD 85", "MHB8080A", 1985),
    machine("Czechoslovakia", "Didaktik", "Didaktik Gama", "U880", 1987),
    machine("Hungary", "Videoton", "TV-Computer", "Z80A", 1986),
    machine("Romania", "ICE Felix", "HC 85", "Z80", 1985),
    machine("Bulgaria", "Pravetz", "Pravetz 82", "CM630", 1982),
    machine("Yugoslavia", "Elektronika Inženjering", "Galaksija", "Z80A", 1983),
    machine("Yugoslavia", "PEL Varaždin", "Orao", "6502", 1984),
    machine("Yugoslavia", "EI Niš", "Pecom 64", "CDP1802", 1985),
    machine("USSR", "Elektronika", "Elektronika BK-0010", "K1801VM1", 1985),
    machine("USSR", "Elektronika", "UKNC", "K1801VM2", 1987),
    machine("USSR", "Schetmash", "Vector-06C", "KR580VM80A", 1987),
    machine("Japan", "NEC", "TK-80", "8080A", 1976),
    machine("Japan", "NEC", "PC-8001", "Z80A", 1979),
    machine("Japan", "NEC", "PC-6001", "Z80A", 1981),
    machine("Japan", "NEC", "PC-9801", "8086", 1982),
    machine("Japan", "Sharp", "MZ-80K", "Z80", 1978),
    machine("Japan", "Sharp", "Sharp X1", "Z80A", 1982),
    machine("Japan", "Sharp", "X68000", "68000", 1987),
    machine("Japan", "Hitachi", "Basic Master MB-6880", "6800", 1978),
    machine("Japan", "Epson", "HX-20", "HD6301", 1982),
    machine("Japan", "Fujitsu", "FM-7", "6809", 1982),
    machine("Japan", "Fujitsu", "FM Towns", "80386", 1989),
    machine("Japan", "Sord", "Sord M5", "Z80A", 1982),
    machine("Japan", "Tomy", "Tomy Pyuta", "TMS9995", 1982),
    machine("Japan", "Sega", "SC-3000", "Z80A", 1983),
    machine("Japan", "Sony", "HitBit HB-75", "Z80A", 1983),
    machine("Japan", "Yamaha", "CX5M", "Z80A", 1984),
    machine("Japan", "Panasonic", "FS-A1GT", "R800 + Z80A", 1991),
    machine("Japan/USA", "Canon", "Canon Cat", "68000", 1987),
    machine("South Korea", "Samsung", "SPC-1000", "Z80A", 1982),
    machine("South Korea", "Daewoo", "IQ 1000", "Z80A", 1984),
    machine("Taiwan", "Multitech", "Microprofessor II", "6502", 1982),
    machine("Hong Kong", "EACA", "Colour Genie", "Z80", 1982),
    machine("Hong Kong", "Comx World Operations", "Comx-35", "CDP1802", 1983),
    machine("Hong Kong", "Video Technology", "Laser 200", "Z80A", 1983),
    machine("Australia/Hong Kong", "Dick Smith Electronics", "System 80", "Z80", 1980),
    machine("Australia", "Applied Technology", "MicroBee", "Z80", 1982),
    machine("New Zealand", "Polycorp", "Poly-1", "6809", 1981),
    machine("New Zealand", "Technosys", "Aamber Pegasus", "6809", 1981),
    machine("Brazil", "Prológica", "CP 400", "6809E", 1984),
    machine("Brazil", "Microdigital", "TK90X", "Z80A", 1985),
    machine("Brazil", "Gradiente", "Expert", "Z80A", 1985),
    machine("Argentina", "Czerweny", "CZ 1000", "Z80A", 1985),
];

/// Arguments in the order of the file's columns keep each machine on one line.
const fn machine(
    countries: &'static str,
    manufacturer: &'static str,
    name: &'static str,
    cpu: &'static str,
    year: u16,
) -> Machine {
    Machine { countries, manufacturer, name, cpu, year }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique() {
        let names: HashSet<_> = MACHINES.iter().map(|machine| machine.name).collect();
        assert_eq!(names.len(), MACHINES.len());
    }

    #[test]
    fn years_are_those_of_home_computers() {
        assert!(MACHINES.iter().all(|machine| (1975..=1995).contains(&machine.year)));
    }

    #[test]
    fn several_machines_come_from_several_countries() {
        assert!(MACHINES.iter().filter(|machine| machine.countries.contains('/')).count() >= 10);
    }

    #[test]
    fn bestsellers_are_in_the_catalogue() {
        for name in BESTSELLERS {
            assert!(MACHINES.iter().any(|machine| machine.name == name), "{name}");
        }
    }
}
