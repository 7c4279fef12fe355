namespace ChunkProxy.Web.Cli.Flags;

/// <summary>What flags and words were found to say.</summary>
/// <param name="Settings">Texts by configuration key; not checked yet.</param>
/// <param name="Words">What stands beside the flags.</param>
/// <param name="Ends">The flag that makes the command answer and end, if one was met; what comes after it was not read.</param>
/// <param name="Reason">Why they cannot be read, in one line without a full stop; null: they can.</param>
internal sealed record FlagReading(IReadOnlyDictionary<string, string?> Settings, IReadOnlyList<string> Words, Flag? Ends, string? Reason)
{
    private const string Hint = " (chunkproxy -help lists the flags)";

    /// <summary>Refuses what cannot be a flag, and says where those are listed.</summary>
    public static FlagReading Refused(string reason) => new(new Dictionary<string, string?>(), [], null, reason + Hint);
}
