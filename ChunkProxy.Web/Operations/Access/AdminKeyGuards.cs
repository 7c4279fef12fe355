namespace ChunkProxy.Web.Operations.Access;

/// <summary>What requires the admin key.</summary>
internal enum AdminKeyGuards
{
    /// <summary>Actions only. Everyone who can reach the address can read, the address for clients included.</summary>
    Actions,

    /// <summary>Reading too: figures, chunk map, history and metrics.</summary>
    /// <remarks>Health stays open, because platforms probe it. The page without its figures stays open at the separate admin address, because it asks for the key.</remarks>
    Everything,
}
