namespace ChunkProxy.Cache.Origin;

/// <summary>Whole seconds as in <c>Age</c> and <c>max-age</c> (RFC 9111 §1.2.2).</summary>
internal static class DeltaSeconds
{
    /// <summary>Upper bound, to which larger numbers are reduced: 2^31 seconds.</summary>
    public static TimeSpan Maximum { get; } = TimeSpan.FromSeconds(1L << 31);

    /// <summary>Returns the time, or null if the text contains anything but digits.</summary>
    public static TimeSpan? TryParse(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        var digits = text.TrimStart('0');
        return digits.Length > 10 || (!digits.IsEmpty && long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) > 1L << 31)
            ? Maximum
            : TimeSpan.FromSeconds(digits.IsEmpty ? 0L : long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture));
    }
}
