namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>What became of a purge.</summary>
/// <param name="Complete">Every process has confirmed. Otherwise those that did not forget the object before they answer for it again.</param>
/// <param name="Processes">This process first.</param>
internal sealed record PurgeReport(bool Complete, IReadOnlyList<PurgeReport.Entry> Processes)
{
    /// <param name="Process">A member's id, or the name of a front end.</param>
    /// <param name="Result">What it found; null: it did not confirm.</param>
    internal readonly record struct Entry(string Process, PurgeResult? Result);
}
