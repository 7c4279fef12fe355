using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Http.Ranges;

/// <summary>A parsed Range field, independent of any object's size.</summary>
/// <remarks>A field with one range, which is what players send, does not allocate.</remarks>
internal readonly struct RangeHeader
{
    private readonly RangeSpec _first;
    private readonly List<RangeSpec>? _further;

    private RangeHeader(RangeForm form, RangeSpec first = default, List<RangeSpec>? further = null)
    {
        Form = form;
        _first = first;
        _further = further;
    }

    public RangeForm Form { get; }

    public int Count => Form == RangeForm.Bytes ? 1 + (_further?.Count ?? 0) : 0;

    public RangeSpec this[int index] => index == 0 ? _first : _further![index - 1];

    /// <summary>Position of the first byte to read; null for a suffix, whose position depends on the size.</summary>
    public long? FirstByte => Form == RangeForm.Bytes ? _first.First : 0;

    /// <summary>Parses a Range field. Never throws, because the standard requires invalid fields to be ignored.</summary>
    public static RangeHeader Parse(StringValues field, int maxRanges)
    {
        if (field.Count == 0)
        {
            return new RangeHeader(RangeForm.Absent);
        }

        // Range is not a list field (RFC 9110 §5.3), so several lines are invalid.
        if (field.Count > 1)
        {
            return new RangeHeader(RangeForm.Malformed);
        }

        var text = field[0].AsSpan();
        var equals = text.IndexOf('=');
        if (equals <= 0)
        {
            return new RangeHeader(RangeForm.Malformed);
        }

        // Range units are case-insensitive (§14.1).
        if (!text[..equals].Equals("bytes", StringComparison.OrdinalIgnoreCase))
        {
            return new RangeHeader(RangeForm.OtherUnit);
        }

        return ParseSet(text[(equals + 1)..], maxRanges);
    }

    private static RangeHeader ParseSet(ReadOnlySpan<char> set, int maxRanges)
    {
        var count = 0;
        RangeSpec first = default;
        List<RangeSpec>? further = null;
        while (!set.IsEmpty)
        {
            var comma = set.IndexOf(',');
            var element = (comma < 0 ? set : set[..comma]).Trim(" \t");
            set = comma < 0 ? default : set[(comma + 1)..];
            if (element.IsEmpty)
            {
                continue; // empty list elements are skipped (§5.6.1.2)
            }

            if (++count > maxRanges)
            {
                return new RangeHeader(RangeForm.TooMany);
            }

            if (!RangeSpecParser.TryParse(element, out var spec))
            {
                return new RangeHeader(RangeForm.Malformed);
            }

            if (count == 1)
            {
                first = spec;
            }
            else
            {
                (further ??= []).Add(spec);
            }
        }

        return count == 0 ? new RangeHeader(RangeForm.Malformed) : new RangeHeader(RangeForm.Bytes, first, further);
    }
}
