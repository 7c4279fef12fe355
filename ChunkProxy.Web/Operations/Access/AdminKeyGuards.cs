namespace ChunkProxy.Web.Operations.Access;

/// <summary>What the admin key is needed for.</summary>
internal enum AdminKeyGuards
{
    /// <summary>What changes something; looking is open to all who reach the address, the address of clients too.</summary>
    Actions,

    /// <summary>Looking too: figures, chunk map, history and metrics. Not health, which platforms probe, and not the page without its figures at the prefix's own address, which asks for the key.</summary>
    Everything,
}
