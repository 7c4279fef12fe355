namespace ChunkProxy.FunctionalTests;

/// <summary>Tests that measure time or memory: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}
