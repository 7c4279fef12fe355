namespace ChunkProxy.Web.Operations.Access;

/// <summary>What an endpoint below the reserved prefix is, which decides where it is answered and what it asks for. Metadata of the endpoint.</summary>
internal enum AdminAccess
{
    /// <summary>It changes something: needs the key. So is every endpoint that says nothing.</summary>
    Action,

    /// <summary>It shows figures: needs the key if the settings say so.</summary>
    Look,

    /// <summary>The page without its figures, which is the same for everybody: never needs the key, since it asks for it.</summary>
    Shell,

    /// <summary>Health, as platforms probe it: answered on every listener, without a key.</summary>
    Probe,
}
