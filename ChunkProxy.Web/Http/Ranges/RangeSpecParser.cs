using System.Globalization;

namespace ChunkProxy.Web.Http.Ranges;

/// <summary>The grammar of one byte range (RFC 9110 §14.1.1, §14.1.2).</summary>
internal static class RangeSpecParser
{
    public static bool TryParse(ReadOnlySpan<char> element, out RangeSpec spec)
    {
        spec = default;
        var dash = element.IndexOf('-');
        if (dash < 0)
        {
            return false;
        }

        var first = element[..dash];
        var last = element[(dash + 1)..];
        if (!AreDigits(first) || !AreDigits(last) || (first.IsEmpty && last.IsEmpty))
        {
            return false;
        }

        if (!first.IsEmpty && !last.IsEmpty && Compare(last, first) < 0)
        {
            return false; // a last position before the first makes the whole field invalid
        }

        spec = new RangeSpec(first.IsEmpty ? null : Saturated(first), last.IsEmpty ? null : Saturated(last));
        return true;
    }

    private static bool AreDigits(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns the number, or 2^63 - 1 if it does not fit: both exceed the size of any object.</summary>
    private static long Saturated(ReadOnlySpan<char> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;

    // Compares digits, because two numbers beyond 64 bits would both saturate and appear equal.
    private static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }
}
