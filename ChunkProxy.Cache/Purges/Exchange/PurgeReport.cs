namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>The result of a purge in all processes.</summary>
/// <param name="Complete">Whether every process confirmed. The others forget the object before they answer requests for it again.</param>
/// <param name="Processes">The results by process, this process first.</param>
internal sealed record PurgeReport(bool Complete, IReadOnlyList<PurgeReport.Entry> Processes)
{
    /// <param name="Process">A member's id, or the name of a front end.</param>
    /// <param name="Result">What the purge removed; null if the process did not confirm.</param>
    internal readonly record struct Entry(string Process, PurgeResult? Result);
}
