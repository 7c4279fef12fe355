namespace ChunkProxy.Web.Operations.Access;

/// <summary>What an endpoint below the reserved prefix is, which decides where it is answered and what it asks for. Metadata of the endpoint.</summary>
internal enum AdminAccess
{
    /// <summary>It changes something: needs the key. So is every endpoint that says nothing.</summary>
    Action,

    /// <summary>It shows figures: needs the key, unless the settings open it.</summary>
    Look,

    /// <summary>The page without its figures, which is the same for everybody: served where figures are open, and at the prefix's own address, where it asks for the key.</summary>
    Shell,

    /// <summary>The page asks whether a key is the right one, before it keeps it: only at the prefix's own address.</summary>
    PageKey,

    /// <summary>Health, as platforms probe it: answered on every listener, without a key.</summary>
    Probe,
}
