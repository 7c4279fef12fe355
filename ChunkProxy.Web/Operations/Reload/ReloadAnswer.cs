namespace ChunkProxy.Web.Operations.Reload;

/// <summary>The response to a reload; docs/operations.md describes each field.</summary>
/// <param name="Complete">Whether everything that can be read again was.</param>
/// <param name="Reloaded">What was read again.</param>
/// <param name="Failed">What could not be used. Its former values stay in force.</param>
/// <param name="NeedRestart">Keys in settings files whose values changed, and count only after a restart.</param>
internal sealed record ReloadAnswer(bool Complete, IReadOnlyList<string> Reloaded, IReadOnlyList<ReloadAnswer.Failure> Failed, IReadOnlyList<string> NeedRestart)
{
    /// <param name="Part">What could not be read again.</param>
    /// <param name="Reason">The reason; that of a setting begins with its key.</param>
    internal sealed record Failure(string Part, string Reason);
}
