namespace ChunkProxy.Web.Cli.Flags;

/// <summary>The result of reading flags and words.</summary>
/// <param name="Settings">Texts by configuration key, not validated yet.</param>
/// <param name="Words">The arguments that are not flags.</param>
/// <param name="Ends">The flag that prints something and ends the command, if one was found. Arguments after it were not read.</param>
/// <param name="Reason">Why the arguments are invalid, in one line without a full stop; null if they are valid.</param>
internal sealed record FlagReading(IReadOnlyDictionary<string, string?> Settings, IReadOnlyList<string> Words, Flag? Ends, string? Reason)
{
    private const string Hint = " (chunkproxy -help lists the flags)";

    /// <summary>Returns a failure, with a hint where the flags are listed.</summary>
    public static FlagReading Refused(string reason) => new(new Dictionary<string, string?>(), [], null, reason + Hint);
}
