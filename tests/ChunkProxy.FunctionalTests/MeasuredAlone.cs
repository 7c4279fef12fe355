namespace ChunkProxy.FunctionalTests;

/// <summary>Tests that hold the product to times or to memory: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}
