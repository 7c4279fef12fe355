using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Http.Ranges;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Tests.Http.Ranges;

/// <summary>The grammar of Range (RFC 9110 §14.1, §14.2) as a table: the field, and the bytes of the object that are selected.</summary>
public sealed class RangeTableTests
{
    public static TheoryData<string> Cases =>
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Http", "Ranges", "RangeCases.txt")).Where(line => !line.StartsWith('#'))];

    [Fact]
    public void Cases_AreMany() => Assert.True(Cases.Count > 180);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resolve_OfTable_SelectsTheBytesOfTheStandard(string row)
    {
        var at = row.LastIndexOf(" => ", StringComparison.Ordinal);
        var (parts, expected) = (row[..at].Split(" | "), row[(at + " => ".Length)..]);
        var size = long.Parse(parts[0], CultureInfo.InvariantCulture);
        var field = new StringValues([.. parts.Skip(1).Select(line => line.Replace("\\t", "\t", StringComparison.Ordinal))]);

        var outcome = RangeOutcome.Resolve(RangeHeader.Parse(field, maxRanges: 16), size);

        var runs = Enumerable.Range(0, outcome.Count).Select(i => outcome[i]).ToArray();
        Assert.Equal(EndingOf(expected), outcome.Ending);
        Assert.Equal(expected switch { "none" => [], "all" => [ByteRange.Whole(size)], _ => expected.Split(',').Select(RunOf) }, runs);
    }

    private static RangeEnding EndingOf(string expected) => expected switch
    {
        "all" => RangeEnding.Whole,
        "none" => RangeEnding.Unsatisfiable,
        _ => expected.Contains(',', StringComparison.Ordinal) ? RangeEnding.Several : RangeEnding.Single,
    };

    private static ByteRange RunOf(string run)
    {
        var ends = run.Split('-');
        return new ByteRange(long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[1], CultureInfo.InvariantCulture) + 1);
    }
}
