namespace ChunkProxy.Web.Tls;

/// <summary>The certificates in use, by the name that a client asks for (SNI). Immutable.</summary>
internal sealed class CertificateSet
{
    private readonly Dictionary<string, LoadedCertificate> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="certificates">At least one. The first is for clients that name none of the others.</param>
    public CertificateSet(IReadOnlyList<LoadedCertificate> certificates)
    {
        All = certificates;
        foreach (var certificate in certificates)
        {
            foreach (var name in certificate.HostNames)
            {
                if (!_byName.TryGetValue(name, out var other) || other.ValidUntil < certificate.ValidUntil)
                {
                    _byName[name] = certificate;
                }
            }
        }
    }

    public IReadOnlyList<LoadedCertificate> All { get; }

    /// <summary>Returns the certificate of the name, else that of its wildcard (RFC 6125 §6.4.3), else the first.</summary>
    public LoadedCertificate Find(string name)
    {
        if (_byName.TryGetValue(name, out var exact))
        {
            return exact;
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _byName.TryGetValue("*" + name[dot..], out var wildcard) ? wildcard : All[0];
    }
}
