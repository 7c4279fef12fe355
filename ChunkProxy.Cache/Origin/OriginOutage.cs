namespace ChunkProxy.Cache.Origin;

/// <summary>A time in which the origin does not serve requests.</summary>
/// <param name="Since">When it was noticed.</param>
/// <param name="Reason">Why, in a few words.</param>
/// <param name="IsDown">Whether the origin does not answer at all. False: it answers with failures.</param>
internal sealed record OriginOutage(DateTimeOffset Since, string Reason, bool IsDown)
{
    /// <summary>Returns a sentence for operators that begins with the URL, and names the time and what still works.</summary>
    public string Describe(Uri origin) =>
        $"{origin} unavailable since {Since:yyyy-MM-dd HH:mm:ss}Z ({Reason}); cached content is served, {(IsDown ? "other reads fail at once" : "other reads are tried")}";

    /// <summary>Returns the sentence if a backup is asked meanwhile.</summary>
    public string DescribeWith(Uri origin, Uri backup) =>
        $"{origin} unavailable since {Since:yyyy-MM-dd HH:mm:ss}Z ({Reason}); {backup} is asked instead";
}
