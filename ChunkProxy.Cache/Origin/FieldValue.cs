namespace ChunkProxy.Cache.Origin;

/// <summary>The characters of a field value (RFC 9110 §5.5).</summary>
internal static class FieldValue
{
    /// <summary>A response may have it: no control characters but the tab. Kestrel throws at any other.</summary>
    public static bool IsSendable(string value)
    {
        foreach (var c in value)
        {
            if (c is (< ' ' and not '\t') or '\x7F' or > '\xFF')
            {
                return false;
            }
        }

        return true;
    }
}
