namespace ChunkProxy.FunctionalTests.Rfc9110;

/// <summary>The requests of <see cref="RfcTests"/>. The film has 200,123 bytes in chunks of 64 KiB: 0, 65536, 131072, 196608.</summary>
/// <remarks>Where nginx is no measure of a range, a row or two for each reason are here. The table of the parser (RangeCases.txt) has the rest.</remarks>
internal static class RfcCases
{
    private const string Film = "/film.mp4";
    private const string TooBig = "99999999999999999999"; // more than 64 bits

    private static readonly string[] Satisfiable =
    [
        "0-", "0-0", "0-1", "1-1", "1-", "0-99", "100-199", "0-200122", "0-200121", "1-200122", "0-200123", "0-999999999",
        "200122-", "200122-200122", "200121-200122", "200122-200123", "200000-999999999", "100000-",
        "0-9223372036854775806",
        // around the borders of chunks
        "0-65535", "0-65536", "65535-65535", "65535-65536", "65536-65536", "65536-131071", "65536-131072", "65537-131070", "131071-131073",
        "1-131072", "65535-196608", "196607-196608", "196608-200122", "196608-", "196607-", "65536-", "131072-200122",
        "-1", "-2", "-100", "-3514", "-3515", "-3516", "-65536", "-200122", "-200123",
        "00-0099", "000100-000199",
    ];

    private static readonly string[] Unsatisfiable =
    [
        "200123-", "200123-200123", "200123-999999999", "200124-", "999999999-", "9223372036854775806-", "-0",
        "200123-,200200-", "300000-300001,400000-400001", "-0,-0", "200123-,-0",
    ];

    private static readonly string[] SeveralApart =
    [
        "0-0,2-2", "0-99,200-299", "200-299,0-99", "0-0,-1", "-1,0-0", "0-99,-100", "65530-65535,65540-65550", "0-9,65536-65545,131072-131081",
        "0-9,20-29,40-49,60-69", "196608-196700,0-99,65536-65600", "0-9, 20-29", "0-9 ,20-29", "0-9,100000-", "1-1,3-3,5-5,7-7,9-9",
        "0-65535,131072-200122", "10-19,200122-",
    ];

    // nginx sends each range as requested. RFC 9110 §15.3.7.2 permits joining them, and §14.2 requires a defence against them.
    private static readonly (string Asked, string Joined)[] SeveralTouching =
    [
        ("0-65535,65536-131071", "0-131071"), ("0-9,100-109,10-19", "0-19,100-109"),
    ];

    // §14.1.2: ranges that select nothing are left out where another selects something.
    private static readonly (string Asked, string Left)[] SeveralSomeUnsatisfiable =
    [
        ("0-9,200123-", "0-9"), ("0-9,300000-,20-29", "0-9,20-29"),
    ];

    private static readonly string[] MoreThanTheObject = ["0-,0-"];

    private static readonly string[] Malformed = ["bytes=abc", "bytes=1-0"];

    private static readonly string[] OtherUnits = ["seconds=0-9", "items=0-5", "byte=0-9", "bytesx=0-9", "none=0-0", "octets=0-9"];

    public static IReadOnlyList<RfcCase> All { get; } =
    [
        .. Whole(), .. SingleRanges(), .. SeveralRanges(), .. IgnoredRanges(), .. SmallObjects(), .. Conditions(), .. IfRange(), .. Heads(), .. Refused(),
    ];

    private static RfcCase Get(params string[] headers) => new("GET", Film, headers);

    private static RfcCase GetRange(string set) => Get($"Range: bytes={set}");

    private static IEnumerable<RfcCase> Whole() =>
        [Get(), new("GET", "/text.txt"), new("GET", "/page.html"), new("GET", "/unknown.xyz"), new("GET", "/folder/a%20b.mp4"), new("GET", "/folder/%C3%BC.webm"), new("GET", "/folder/100%25.ts")];

    private static IEnumerable<RfcCase> SingleRanges() =>
    [
        .. Satisfiable.Select(GetRange),
        .. Unsatisfiable.Select(GetRange),
        Get("Range: BYTES=0-9"), Get("Range: Bytes=5-"), Get("range: bytes=0-9"), Get("Range:bytes=0-9"), Get("Range:   bytes=0-9   "),
        GetRange("-200124").Differs("a suffix longer than the object is all of it, and all of it is still a range (§14.1.2)", "Range: bytes=0-200122"),
        GetRange($"0-{TooBig}").Differs("an end beyond 64 bits is the object's end; nginx gives up", "Range: bytes=0-200122"),
        GetRange("9223372036854775807-").Differs("beyond 64 bits is beyond the end", "Range: bytes=200123-"),
        GetRange("18446744073709551616-18446744073709551620").Differs("as above; it must not wrap around to 0-4", "Range: bytes=200123-"),
    ];

    private static IEnumerable<RfcCase> SeveralRanges() =>
    [
        .. SeveralApart.Select(GetRange),
        .. SeveralTouching.Select(pair => GetRange(pair.Asked).Differs("ranges that overlap or touch are joined (§15.3.7.2)", $"Range: bytes={pair.Joined}")),
        .. SeveralSomeUnsatisfiable.Select(pair => GetRange(pair.Asked).Differs("what selects nothing is left out (§14.1.2)", $"Range: bytes={pair.Left}")),
        .. MoreThanTheObject.Select(set => GetRange(set).Differs("more bytes than the object: answered with the object (§14.2, §17.15)")),
        GetRange(string.Join(',', Enumerable.Range(0, 1000).Select(i => $"{i * 2}-{i * 2}"))).Differs("more ranges than the proxy answers (§17.15)"),
        GetRange("0-9,,20-29").Differs("empty list elements are skipped (§5.6.1.2)", "Range: bytes=0-9,20-29"),
        GetRange("0-9,\t20-29").Differs("a tab is white space too (§5.6.3)", "Range: bytes=0-9,20-29"),
    ];

    private static IEnumerable<RfcCase> IgnoredRanges() =>
    [
        .. Malformed.Select(range => Get($"Range: {range}").Differs("a Range that does not parse is ignored (§14.2); nginx answers some of them 416")),
        .. OtherUnits.Select(range => Get($"Range: {range}")),
        Get("Range: bytes=0-9", "Range: bytes=20-29").Differs("Range is no list: two lines of it are an error of the sender (§5.3), and ignored"),
    ];

    private static IEnumerable<RfcCase> SmallObjects()
    {
        foreach (var set in new[] { "0-", "0-0", "1-", "-1", "0-1", "0-99", "1-1", "-0" })
        {
            yield return new RfcCase("GET", "/one.bin", $"Range: bytes={set}");
        }

        foreach (var set in new[] { "0-", "-0" })
        {
            yield return new RfcCase("GET", "/empty.bin", $"Range: bytes={set}")
                .Differs("no range of an empty object can be satisfied (§14.1.2)", "Range: bytes=1-");
        }

        yield return new RfcCase("GET", "/empty.bin");
        yield return new RfcCase("GET", "/one.bin");
        yield return new RfcCase("GET", "/chunk.bin");
        foreach (var set in new[] { "0-", "0-65535", "65535-", "-1", "65536-", "65535-65536", "-65536" })
        {
            yield return new RfcCase("GET", "/chunk.bin", $"Range: bytes={set}");
        }
    }

    private static IEnumerable<RfcCase> Conditions()
    {
        string[] match = ["{etag}", "*", "\"other\"", "\"a\", {etag}", "\"a\", \"b\"", "{etag}, \"b\"", "W/{etag}", "\"a\",{etag},\"b\"", "\"\""];
        foreach (var range in new string[][] { [], ["Range: bytes=65530-65545"], ["Range: bytes=200123-"] })
        {
            foreach (var tags in match)
            {
                yield return Get([$"If-Match: {tags}", .. range]);
                yield return Get([$"If-None-Match: {tags}", .. range]);
            }

            foreach (var date in new[] { "{date}", "{before}", "{after}" })
            {
                yield return Get([$"If-Modified-Since: {date}", .. range]);
                yield return Get([$"If-Unmodified-Since: {date}", .. range]);
            }

            yield return Get(["If-Modified-Since: yesterday", .. range]);
            yield return Get(["If-Unmodified-Since: yesterday", .. range]).Differs("what is no date is ignored (§13.1.4)", range);

            // §13.2.2: entity tags precede dates, and If-Match conditions precede If-None-Match conditions.
            yield return Get(["If-None-Match: {etag}", "If-Modified-Since: {before}", .. range])
                .Differs("If-Modified-Since does not count beside If-None-Match (§13.1.3)", ["If-None-Match: {etag}", .. range]);
            yield return Get(["If-None-Match: \"other\"", "If-Modified-Since: {date}", .. range]);
            yield return Get(["If-Match: {etag}", "If-Unmodified-Since: {before}", .. range])
                .Differs("If-Unmodified-Since does not count beside If-Match (§13.1.4)", ["If-Match: {etag}", .. range]);
            yield return Get(["If-Match: \"other\"", "If-Unmodified-Since: {date}", .. range]);
            yield return Get(["If-Match: \"other\"", "If-None-Match: {etag}", .. range]);
            yield return Get(["If-Match: {etag}", "If-None-Match: {etag}", .. range]);
            yield return Get(["If-Unmodified-Since: {before}", "If-Modified-Since: {date}", .. range]);
            yield return Get(["If-Unmodified-Since: {date}", "If-None-Match: {etag}", .. range]);
        }
    }

    private static IEnumerable<RfcCase> IfRange()
    {
        foreach (var validator in new[] { "{etag}", "\"other\"", "W/{etag}", "{date}", "{before}", "{after}", "*" })
        {
            yield return Get("Range: bytes=0-9", $"If-Range: {validator}");
            yield return Get("Range: bytes=200123-", $"If-Range: {validator}");
        }

        yield return Get("If-Range: {etag}");
        yield return Get("If-Range: \"other\"");
        yield return Get("Range: bytes=0-9,20-29", "If-Range: {etag}");
        yield return Get("Range: bytes=0-9,20-29", "If-Range: \"other\"");
        yield return Get("Range: bytes=0-9", "If-Range: {etag}", "If-Match: \"other\"");
        yield return Get("Range: bytes=0-9", "If-Range: \"other\"", "If-None-Match: {etag}");
    }

    private static IEnumerable<RfcCase> Heads()
    {
        yield return new RfcCase("HEAD", Film);
        yield return new RfcCase("HEAD", "/empty.bin");
        yield return new RfcCase("HEAD", "/text.txt");
        foreach (var range in new[] { "0-9", "200123-", "0-9,20-29", "x" })
        {
            yield return new RfcCase("HEAD", Film, $"Range: bytes={range}").Differs("Range is defined for GET alone (§14.2)");
        }

        foreach (var condition in new[]
        {
            "If-Match: {etag}", "If-Match: \"other\"", "If-None-Match: {etag}", "If-None-Match: \"other\"", "If-Modified-Since: {date}",
            "If-Modified-Since: {before}", "If-Unmodified-Since: {date}", "If-Unmodified-Since: {before}",
        })
        {
            yield return new RfcCase("HEAD", Film, condition);
        }
    }

    private static IEnumerable<RfcCase> Refused() =>
    [
        new("GET", "/missing.mp4"), new("HEAD", "/missing.mp4"), new("GET", "/missing.mp4", "Range: bytes=0-9"), new("GET", "/missing/film.mp4"),
        new("GET", "/missing.mp4", "If-None-Match: *"), new("GET", "/missing.mp4", "If-Match: *"),
        new("POST", Film), new("PUT", Film), new("DELETE", Film), new("PATCH", Film), new("PROPFIND", Film), new("TRACE", Film),
    ];
}
