namespace ChunkProxy.Cache.Settings;

/// <summary>What a reload did.</summary>
/// <param name="Parts">What was read again, and what could not be.</param>
/// <param name="NeedRestart">Keys whose values changed in a settings file, and count only after a restart of the process.</param>
internal sealed record ReloadReport(IReadOnlyList<ReloadReport.Part> Parts, IReadOnlyList<string> NeedRestart)
{
    /// <summary>Whether all parts were read again.</summary>
    public bool IsComplete => Parts.All(static part => part.Fault is null);

    /// <param name="Name">What was read: "admin key".</param>
    /// <param name="Fault">Why it could not be used, so that its former values stay in force; null if it was.</param>
    internal sealed record Part(string Name, string? Fault);
}
