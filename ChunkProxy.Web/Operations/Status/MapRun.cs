namespace ChunkProxy.Web.Operations.Status;

/// <summary>Neighbouring chunks that a process has in the same way.</summary>
/// <param name="Memory"><c>none</c>, <c>part</c> or <c>whole</c>.</param>
/// <param name="Heat">Of those in memory, 0 to 3.</param>
internal sealed record MapRun(long First, long Count, string Memory, bool Disk, bool Filling, int Heat);
